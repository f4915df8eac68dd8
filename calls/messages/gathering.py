"""Read at once what the letters of a batch need, so that none of them costs statements of its own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.calendars import queries as calendars
from calls.calendars.models import Entry
from calls.history import queries as history
from calls.history.models import Change
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.messages import queries, telling
from calls.messages.mails import WITH_CLOCKS, WITHDRAWALS
from calls.messages.models import Message, Told, Words
from calls.messages.telling import State
from calls.registrations.models import Attendee, Registration
from calls.shows import clocks
from calls.shows import queries as shows
from calls.shows.models import Call


@dataclass(frozen=True)
class Gathered:
    """What is known about the people and the calls that some letters concern.

    `sent`: when the last letter about a registration went. `withdrawn`: when the last one went that took its call out
    of her calendar. `schedules_sent`: the same for letters about the schedule of a show, by attendee and show.
    `firsts`: which letter about a new registration still waits to go. `unsettled`: registrations with a change whose
    follow-ups are still to come. `usual`: when calls begin that stand at their show's usual hour, by show. `clock_moves`:
    from which moment to which other time-zone rules took each call.
    """

    registrations: Mapping[UUID, Registration]
    attendees: Mapping[UUID, Attendee]
    silences: Mapping[UUID, frozenset[str]]
    told: Mapping[UUID, Told]
    entries: Mapping[UUID, Entry]
    ways: Mapping[tuple[UUID, UUID | None], WayIn]
    words: Mapping[tuple[UUID, str], Words]
    reminders: Mapping[UUID, Sequence[tuple[int, datetime]]]
    sent: Mapping[UUID, datetime]
    withdrawn: Mapping[UUID, datetime]
    schedules_sent: Mapping[tuple[UUID, UUID], datetime]
    firsts: Mapping[UUID, str]
    unsettled: frozenset[UUID]
    usual: Mapping[UUID, Sequence[datetime]]
    clock_moves: Mapping[UUID, Sequence[tuple[datetime, datetime]]]

    def way_in(self, call: Call) -> WayIn:
        return rooms.way_in_of(self.ways, call.show_id, call.id)

    def state(self, registration: Registration) -> State:
        """How her call stands now."""
        return telling.state(registration.call, self.way_in(registration.call))

    def clocks(self, registration: Registration) -> str:
        """What changing clocks did to her call, in a sentence; "" where it reaches her at the hour of the call before."""
        call = registration.call
        found = clocks.shift(call.starts_at, self.usual.get(call.show_id, ()), call.zone, registration.attendee.zone)
        return clocks.sentence(found) if found else ""

    def told_to(self, registration: Registration) -> State | None:
        return telling.last(self.told.get(registration.id), registration)

    def last_written(self, registration: Registration) -> datetime | None:
        """When she last heard of her call, whether by a letter about it or by one about many."""
        row = self.told.get(registration.id)
        moments = [it for it in (self.sent.get(registration.id), row.at if row else None) if it]
        return max(moments, default=None)


def gather(session: Session, messages: Sequence[Message]) -> Gathered:
    """What the letters of these messages need."""
    registrations = _registrations(session, [it.registration_id for it in messages if it.registration_id])
    attendees = session.scalars(sa.select(Attendee).where(Attendee.id.in_({it.attendee_id for it in messages if it.attendee_id})))
    of_shows = {it.show_id for it in messages if it.show_id}
    holders = [it for it in messages if it.kind == "schedule_changed"]
    upcoming = {it.registration_id for it in messages if it.kind in WITH_CLOCKS}
    calls = {it.call for it in registrations if it.id in upcoming}
    return _gathered(session, registrations, attendees, of_shows, calls, _schedules_sent(session, holders))


def about(session: Session, registration: Registration) -> Gathered:
    """What a letter to one registered person needs, for a preview."""
    return _gathered(session, [registration], [registration.attendee], set(), {registration.call}, {})


def _registrations(session: Session, ids: Sequence[UUID]) -> Sequence[Registration]:
    return session.scalars(
        sa.select(Registration)
        .join(Registration.call)
        .join(Call.show)
        .join(Registration.attendee)
        .options(contains_eager(Registration.call).contains_eager(Call.show), contains_eager(Registration.attendee))
        .where(Registration.id.in_(ids))
    ).all()


def _gathered(
    session: Session,
    registrations: Sequence[Registration],
    attendees: Iterable[Attendee],
    more_shows: set[UUID],
    upcoming: Collection[Call],
    schedules_sent: Mapping[tuple[UUID, UUID], datetime],
) -> Gathered:
    by_id = {it.id: it for it in registrations}
    people = {it.id: it for it in attendees} | {it.attendee_id: it.attendee for it in registrations}
    told = queries.told_of(session, by_id)
    show_ids = list(more_shows | {it.call.show_id for it in registrations})
    return Gathered(
        registrations=by_id,
        attendees=people,
        silences=queries.silences_of(session, people),
        told=told,
        entries=calendars.entries_of(session, by_id),
        ways=joining.ways_in(session, show_ids),
        words=queries.words_of_shows(session, show_ids),
        reminders=queries.reminder_rules(session, show_ids),
        sent=queries.last_sent(session, by_id),
        withdrawn=queries.last_sent(session, [it.id for it in registrations if not it.is_confirmed], WITHDRAWALS),
        schedules_sent=schedules_sent,
        firsts=queries.firsts_waiting(session, by_id),
        unsettled=_unsettled(session, by_id),
        usual=shows.usual_starts(session, upcoming),
        clock_moves=_clock_moves(session, _moved(registrations, told)),
    )


def _unsettled(session: Session, registration_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those to whom something happened whose follow-ups are still to come; follow-ups that fail are not waited for."""
    waiting = sa.and_(Change.followed_up_at.is_(None), Change.tries == 0, Change.thing_id.in_(list(registration_ids)))
    return frozenset(session.scalars(sa.select(Change.thing_id).where(waiting)))


def _moved(registrations: Iterable[Registration], told: Mapping[UUID, Told]) -> set[UUID]:
    """The calls that are not when somebody was told they would be."""
    known = ((it, told.get(it.id)) for it in registrations)
    return {it.call_id for it, row in known if row and row.call_id == it.call_id and row.starts_at != it.call.starts_at}


def _clock_moves(session: Session, call_ids: Collection[UUID]) -> dict[UUID, list[tuple[datetime, datetime]]]:
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for change in history.clock_moves(session, call_ids) if call_ids else ():
        if change.call_id:
            was, to = (datetime.fromisoformat(change.facts[it]) for it in ("was", "to"))
            found.setdefault(change.call_id, []).append((was, to))
    return found


def _schedules_sent(session: Session, messages: Sequence[Message]) -> dict[tuple[UUID, UUID], datetime]:
    if not messages:
        return {}
    return queries.schedules_sent(session, {it.show_id for it in messages if it.show_id})
