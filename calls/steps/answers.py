"""The mails that follow from answers and from the test of a calendar."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars import proposing
from calls.calendars import queries as calendars
from calls.calendars.models import CalendarTest, Entry, Proposal
from calls.history.models import Change
from calls.messages import writing, writing_guests
from calls.registrations import queries as registrations
from calls.steps.step import Step


def write_test(kind: str) -> Step:
    """Write one mail of a calendar test to the member who tests."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        test = session.get(CalendarTest, change.thing_id)
        if test and change.account_id:
            which = {"test": str(test.id), "sequence": change.facts["sequence"]}
            writing.to_member(session, kind, change.id, test.member_id, change.account_id, now, which)

    return step


def write_refusal(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Tell who proposed another time that it was refused; what she proposed goes along, for by then it may be overtaken."""
    proposal = session.get_one(Proposal, change.thing_id)
    entry = session.get_one(Entry, proposal.entry_id)
    registration = registrations.registration_by_id(session, entry.registration_id) if entry.registration_id else None
    if registration and registration.call_id == proposal.call_id:
        writing.to_registered(session, "proposal_refused", change.id, [registration], now, facts=proposing.facts_of(proposal))
    booking = calendars.booking_of(session, entry)
    if booking and booking.call_id == proposal.call_id:
        facts = proposing.facts_of(proposal)
        writing_guests.to_booked(session, "guest_time_stays", change.id, booking, now, facts=facts)
