"""The letters of a calendar test, which look in every part like an invitation to a call."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars import invitation, testing
from calls.calendars.findings import CANCELLED
from calls.calendars.invitation import Person
from calls.calendars.models import CalendarTest
from calls.ground import when
from calls.messages import queries
from calls.messages.composing_calls import Part
from calls.messages.deciding import SETTLING, Dropped, Held
from calls.messages.desk import Desk, Foot
from calls.messages.letter import Letter
from calls.messages.models import SENDING, Message
from calls.messages.wording import Fact, Link
from calls.team.models import Member

FOOT = Foot("You get this mail because you test how invitations reach your calendar.")


def letter(session: Session, message: Message, desk: Desk, now: datetime) -> Letter:
    """The letter of one step. Raises Dropped when a later step has overtaken it, Held while an earlier one is under way (M9)."""
    test, member = _found(session, message, now)
    earlier = [it for it in queries.mails_of_test(session, member.id, test.id) if it.id != message.id]
    if any(it.state == SENDING for it in earlier):
        raise Held(now + SETTLING)
    is_first = not any(it.address for it in earlier)  # kept with the bytes before they go, so without any nothing went
    if is_first and test.step == CANCELLED:
        raise Dropped("the invitation never went out")
    sender, receiver = desk.sender(member.account.name), Person(member.name, member.email)
    if testing.is_own_address(member, sender.address):
        raise Dropped("an invitation cannot go to the address that invites")
    parts = desk.parts(desk.standard_words(message.kind), _facts(test, member, desk), FOOT)
    part, thread = _calendar_part(test, member, sender, desk), f"{test.uid}@{desk.links.domain}"
    return Letter(
        sender,
        receiver,
        parts.subject,
        parts.text,
        parts.html,
        message_id=thread if is_first else f"{message.id.hex}@{desk.links.domain}",
        date=now,
        in_reply_to=None if is_first else thread,
        calendar=part.body,
        calendar_method=part.method,
    )


def _found(session: Session, message: Message, now: datetime) -> tuple[CalendarTest, Member]:
    test = session.get(CalendarTest, UUID(message.facts["test"]))
    member = session.get(Member, test.member_id) if test else None
    if test is None or member is None or member.removed_at is not None:
        raise Dropped("there is nobody to write to")
    if message.facts["sequence"] != test.sequence:
        raise Dropped("a later step of the test has overtaken it")
    if testing.is_past(test, now):
        raise Dropped("the time of the test’s entry is past")
    return test, member


def _facts(test: CalendarTest, member: Member, desk: Desk) -> dict[str, Fact]:
    return {
        "name": member.name,
        "account": member.account.name,
        "when": when.full(test.starts_at, "UTC"),
        "was": when.full(test.starts_at - testing.HOUR, "UTC"),
        "page": Link(desk.links.calendar_test()),
    }


def _calendar_part(test: CalendarTest, member: Member, sender: Person, desk: Desk) -> Part:
    happening = testing.happening(test, member.account.name, desk.links.calendar_test())
    receiver = Person(member.name, member.email)
    if test.step == CANCELLED:
        return Part("CANCEL", invitation.cancel(happening, sender, receiver, withdrawn=False))
    return Part("REQUEST", invitation.request(happening, sender, receiver))
