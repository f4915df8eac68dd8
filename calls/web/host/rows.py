"""Calls as a host sees them in a table: what each is called, how full it is, its state, and what needs attention."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars import queries as calendars
from calls.ground.text import count
from calls.guests import charting
from calls.guests.courses import Course
from calls.joining import queries as joining
from calls.joining.rooms import NOWHERE, WayIn
from calls.messages import queries as outbox
from calls.registrations import queries as registrations
from calls.shows import needs as wants
from calls.shows import stages
from calls.shows.models import Call, Pending
from calls.web.host import changes, clock_notes
from calls.web.host.changes import Waiting
from calls.web.host.clock_notes import Note


@dataclass(frozen=True)
class Row:
    """One call in a table. `about` is the quiet line under its name; `waiting` is a change about to be sent.

    `course` says how far it is on its way to a guest, so that `needs` does not.
    """

    call: Call
    about: str
    seats: str
    state: str
    needs: list[str]
    failed: int
    waiting: Waiting | None
    course: Course


@dataclass(frozen=True)
class Noted:
    """What other rooms know of a call: mails that failed, people whose address takes none, times proposed, what the clocks do."""

    failed: int
    bounced: int
    proposed: int
    clocks: Note


def rows(session: Session, calls: Sequence[Call], pending: Iterable[Pending], now: datetime, *, with_show: bool) -> list[Row]:
    """The calls with all that is said about them, by a fixed number of queries however many calls there are."""
    waiting = {it.call_id: changes.waiting([it], now)[0] for it in pending if it.call_id}
    ways_in = joining.ways_in(session, list({it.show_id for it in calls}))
    beside, courses = noted(session, calls, now), charting.courses(session, calls, now)
    return [_row(it, waiting.get(it.id), ways_in, beside[it.id], courses[it.id], now, with_show) for it in calls]


def noted(session: Session, calls: Sequence[Call], now: datetime) -> dict[UUID, Noted]:
    """What stands beside each of the calls."""
    ids = [it.id for it in calls]
    failed, bounced = outbox.failed_by_call(session, ids), registrations.bounced_by_call(session, ids)
    proposed, clocks = calendars.proposals_waiting(session, ids), clock_notes.notes(session, calls, now)
    return {it: Noted(failed.get(it, 0), bounced.get(it, 0), proposed.get(it, 0), clocks.get(it, Note())) for it in ids}


def _row(
    call: Call,
    waiting: Waiting | None,
    ways_in: Mapping[tuple[UUID, UUID | None], WayIn],
    beside: Noted,
    course: Course,
    now: datetime,
    with_show: bool,
) -> Row:
    way_in = ways_in.get((call.show_id, call.id)) or ways_in.get((call.show_id, None)) or NOWHERE
    show = call.show.name if with_show and call.name != call.show.name else ""
    return Row(
        call=call,
        about=show,
        seats=f"{call.taken:,} of {call.capacity:,}",
        state=state(call, now),
        needs=[it for it in needs(call, way_in, beside, now, beside.clocks.short) if it != wants.NO_GUEST],
        failed=beside.failed,
        waiting=waiting,
        course=course,
    )


def state(call: Call, now: datetime) -> str:
    """The call's state in a word of the language."""
    found = stages.stage(call.cancelled_at, call.starts_at, call.ends_at, now)
    return "skipped" if found == "cancelled" and call.is_skipped else found


def needs(call: Call, way_in: WayIn, beside: Noted, now: datetime, clocks: Sequence[str]) -> list[str]:
    """What somebody should look at, in short sentences; a call that is over or cancelled needs nothing but its mails."""
    found = []
    if stages.stage(call.cancelled_at, call.starts_at, call.ends_at, now) in {"planned", "live"}:
        if beside.proposed and now < call.starts_at:
            found.append(count(beside.proposed, "Another time is proposed.", "{n} other times are proposed."))
        found += wants.missing(is_draft=not call.show.published_at, guest_name=call.guest_name, has_way_in=bool(way_in))
        found += wants.seats(call.taken, call.capacity)
        found += wants.clocks(call.wall, call.zone, call.fold, call.starts_at)
        found += clocks
        if beside.bounced:
            found.append(count(beside.bounced, "One address takes no mail.", "{n} addresses take no mail."))
    if beside.failed:
        found.append(count(beside.failed, "One mail could not be delivered.", "{n} mails could not be delivered."))
    return found
