"""What a message about a call has become by the time it could go: which mail it is, and whether it goes now, later or never.

The rule of all: what a person was told last is compared with how her call stands. Where they differ she is told what is
new, by whichever message goes first; where they agree, whatever else waits has nothing left to say.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from calls.calendars.models import Entry
from calls.ground import when, zones
from calls.messages import quiet, reminders
from calls.messages.gathering import Gathered
from calls.messages.mails import NEWS, REFUSAL, WITHDRAWALS
from calls.messages.models import Message
from calls.messages.telling import State
from calls.registrations.models import Registration

LAST_WEEK = timedelta(days=7)
SETTLING = timedelta(seconds=2)


class Dropped(Exception):
    """The letter has nothing left to say; the reason is for whoever reads the outbox."""


class Held(Exception):
    """The letter waits until a moment still to come."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Found:
    """The mail that a message has become, what is new in it, and the state that it tells."""

    mail: str
    state: State
    news: tuple[str, ...] = ()
    was: datetime | None = None


def decide(message: Message, registration: Registration, known: Gathered, now: datetime) -> Found:
    """The mail to write now. Raises Dropped when there is nothing to say any more, Held when it is not the time for it."""
    if registration.id in known.unsettled:
        raise Held(now + SETTLING)
    found = _found(message, registration, known, now)
    last = known.last_written(registration)
    if found.mail == "reminder":
        if reminders.is_needless(message.facts["minutes"], last, now):
            raise Dropped("the person was written to a moment ago")
        last = None
    elif message.kind == "call_added":
        last = known.sent.get(registration.id)  # that she was registered for it was noted, but not written to her
    starts_at = _at_stake(known.told_to(registration), found.state, now)
    until = quiet.hold(now, registration.attendee.zone, starts_at, last, is_asked=is_asked(message))
    if until > now:
        raise Held(until)
    return found


def is_asked(message: Message) -> bool:
    """Whether its reader asked for it herself."""
    return message.facts.get("is_asked") is True


def is_by_mail(registration: Registration, entry: Entry, now: datetime) -> bool:
    """Whether this call reaches this person's calendar by mail (calendars.md M8).

    What was mailed once is kept right by mail. Else it is her choice; left to us, single calls are mailed at once and
    those of a pass in their last week, since a pass has its feed.
    """
    if entry.invited_at is not None:
        return True
    if registration.attendee.calendar == "feed":
        return False
    is_single = registration.pass_id is None or registration.attendee.calendar == "invitations"
    return is_single or registration.call.starts_at - now <= LAST_WEEK


def _found(message: Message, registration: Registration, known: Gathered, now: datetime) -> Found:
    state, told = known.state(registration), known.told_to(registration)
    if registration.call.ends_at <= now:
        raise Dropped("the call is over")
    if message.kind in WITHDRAWALS:
        _check_withdrawal(message, registration, known)
        return Found(message.kind, state)
    if not registration.is_confirmed:
        raise Dropped("the registration has been cancelled")
    if message.kind == REFUSAL:
        _check_refusal(message, state)
        return Found(message.kind, state)
    if told is None:
        return _first(message, state, known)
    if told != state:
        return _news(told, state, registration, known)
    _check_useful(message, registration, state, known, now)
    return Found(message.kind, state)


def _check_withdrawal(message: Message, registration: Registration, known: Gathered) -> None:
    """She may have come back since, and given up her seat once more; one letter takes the call out of her calendar."""
    if registration.is_confirmed:
        raise Dropped("the person is registered again")
    last = known.withdrawn.get(registration.id)
    if last and last >= message.created_at:
        raise Dropped("a later letter has said it")


def _check_refusal(message: Message, state: State) -> None:
    """It says that the time stays, and nothing of what else is new."""
    if state.is_cancelled or state.starts_at != datetime.fromisoformat(message.facts["from_starts_at"]):
        raise Dropped("the call no longer is at the time that was to stay")


def _first(message: Message, state: State, known: Gathered) -> Found:
    """The first that she hears of this call, whatever it was written for: what comes first speaks for what still waits."""
    if state.is_cancelled:
        return Found("call_cancelled", state)
    if message.kind in {NEWS, "reminder"} and message.registration_id:
        return Found(known.firsts.get(message.registration_id, "registration_confirmed"), state)
    return Found(message.kind, state)


def _news(told: State, state: State, registration: Registration, known: Gathered) -> Found:
    if state.is_cancelled:
        if told.is_cancelled:
            raise Dropped("the person knows already")
        return Found("call_cancelled", state)
    if told.is_cancelled:
        return Found("call_restored", state, _lines(told, state))
    if (told.starts_at, state.starts_at) in known.clock_moves.get(state.call_id, ()):
        lines = (*clock_lines(registration, told.starts_at), *_lines(told, state))
        return Found("call_clock_moved", state, lines, told.starts_at)
    if told.starts_at != state.starts_at:
        return Found("call_moved", state, _lines(told, state), told.starts_at)
    return Found("call_changed", state, _lines(told, state))


def clock_lines(registration: Registration, was: datetime) -> tuple[str, ...]:
    """That other time-zone rules moved the call from a moment, though not on its own clock; and what that is on hers (T3)."""
    call, zone = registration.call, registration.attendee.zone
    still = when.clock(call.starts_at, call.zone)
    lines = [f"The clock rules of {zones.city(call.zone)} changed; the call is still at {still} there."]
    if zones.offset(call.starts_at, zone) != zones.offset(call.starts_at, call.zone):
        then, until_now = (when.clock(it, zone) for it in (call.starts_at, was))
        lines.append(f"For you it is at {then} instead of {until_now}, {zones.time_name(zone)}.")
    return tuple(lines)


def _lines(told: State, state: State) -> tuple[str, ...]:
    lines = []
    if told.is_cancelled and told.starts_at != state.starts_at:
        lines.append("The time is a new one, see above.")
    if told.minutes != state.minutes:
        lines.append(f"It takes {state.minutes} minutes now.")
    if told.guest_name != state.guest_name:
        lines.append(f"Speaking now: {state.guest_name}." if state.guest_name else f"{told.guest_name} can't come.")
    if told.way_in != state.way_in:
        lines.append("How to get in is new, see below.")
    return tuple(lines)


def _check_useful(message: Message, registration: Registration, state: State, known: Gathered, now: datetime) -> None:
    """Drop what she has been told already by another letter."""
    entry = known.entries.get(registration.id)
    if message.kind == NEWS:
        raise Dropped("the person knows already")
    if state.is_cancelled:
        raise Dropped("the call has been cancelled")
    if message.kind == "reminder":
        _check_reminder(message, registration, known, now)
    elif entry is not None and entry.invited_at is None and is_by_mail(registration, entry, now):
        return
    elif message.kind == "call_invited":
        raise Dropped("the call is in the person's calendar already")
    elif registration.id in known.sent and known.sent[registration.id] >= message.created_at:
        raise Dropped("a later letter has said it")


def _check_reminder(message: Message, registration: Registration, known: Gathered, now: datetime) -> None:
    call = registration.call
    if message.facts["starts_at"] != call.starts_at.isoformat():
        raise Dropped("the call has been moved")
    offsets = reminders.in_force(known.reminders.get(call.show_id, ()), call.starts_at)
    if reminders.current(offsets, call.starts_at, now) != message.facts["minutes"]:
        raise Dropped("its time is past")


def _at_stake(told: State | None, state: State, now: datetime) -> datetime:
    """The start by which a letter has to be there: the one that its reader counts on, while that is still to come."""
    counted_on = told.starts_at if told and not told.is_cancelled and told.starts_at > now else state.starts_at
    return min(counted_on, state.starts_at)
