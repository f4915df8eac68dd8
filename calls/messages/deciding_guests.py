"""What a message to a guest about her booking has become by the time it could go: which mail it is, now, later or never.

As with attendees: what she was told last is compared with how her booking stands. Where they differ she is told what is new,
by whichever message goes first; where they agree, whatever else waits has nothing left to say.
"""

from dataclasses import dataclass
from datetime import datetime

from calls.guests import dates
from calls.guests.models import Booking
from calls.messages import guest_reminders, quiet
from calls.messages.deciding import Dropped, Held, is_asked
from calls.messages.guest_mails import ENDINGS, FIRSTS, GUEST_NEWS, REFUSAL, REMINDERS, STILL_HELD, THANKS
from calls.messages.models import Message
from calls.messages.telling_guests import State

# What has its moment, and does not wait for another letter to be twenty minutes old.
MOMENTS = ("guest_prep_missing", "guest_still_on")
KNOWS = "the guest knows already"


@dataclass(frozen=True)
class Found:
    """The mail that a message has become, what is new in it, and the start before."""

    mail: str
    news: tuple[str, ...] = ()
    was: datetime | None = None


@dataclass(frozen=True)
class Told:
    """What she was told last, and when; how the booking stands now, and whether she has sent in what is needed."""

    last: State | None
    at: datetime | None
    now: State
    is_ready: bool = False


def decide(message: Message, booking: Booking, told: Told, now: datetime) -> Found:
    """The mail to write now. Raises Dropped when there is nothing to say any more, Held when it is not the time for it."""
    found = _found(message, booking, told, now)
    last = None if found.mail in MOMENTS else told.at
    starts_at = None if found.mail == THANKS else _at_stake(told, now)
    until = quiet.hold(now, dates.guest_zone(booking), starts_at, last, is_asked=is_asked(message))
    if until > now:
        raise Held(until)
    return found


def _found(message: Message, booking: Booking, told: Told, now: datetime) -> Found:
    if message.kind == THANKS:
        return _thanks(booking)
    if dates.over_at(booking) <= now:
        raise Dropped("the call is over")
    if not booking.is_standing:
        return _ended(message, booking, told)
    if message.kind == REFUSAL:
        return _refused(message, told)
    if told.last is None:
        return _first(message, booking, told)
    if told.last != told.now:
        return _news(message, told.last, told.now)
    return _useful(message, booking, told, now)


def _thanks(booking: Booking) -> Found:
    if not booking.is_confirmed or dates.is_called_off(booking):
        raise Dropped("she was not on the call")
    return Found(THANKS)


def _ended(message: Message, booking: Booking, told: Told) -> Found:
    """One letter takes the date out of her calendar; of a date of which she never heard there is none."""
    if message.kind not in ENDINGS[booking.state]:
        raise Dropped("her date has been given up")
    if told.last is None:
        raise Dropped("she never heard of this date")
    if told.last.state == booking.state or told.last.is_cancelled:
        raise Dropped(KNOWS)
    return Found("guest_call_cancelled" if dates.is_called_off(booking) else message.kind)


def _refused(message: Message, told: Told) -> Found:
    """It says that the time stays, and nothing of what else is new."""
    if told.now.is_cancelled or told.now.starts_at != datetime.fromisoformat(message.facts["from_starts_at"]):
        raise Dropped("the call no longer is at the time that was to stay")
    return Found(REFUSAL)


def _first(message: Message, booking: Booking, told: Told) -> Found:
    """The first that she hears of this date, whatever it was written for."""
    if told.now.is_cancelled:
        return Found("guest_call_cancelled")
    if booking.is_confirmed:
        return Found("guest_confirmed")
    return Found(message.kind if message.kind in FIRSTS else "guest_date_held")


def _news(message: Message, told: State, state: State) -> Found:
    if state.is_cancelled:
        if told.is_cancelled:
            raise Dropped(KNOWS)
        return Found("guest_call_cancelled")
    if told.state != state.state:
        return Found("guest_confirmed")
    if told.call_id != state.call_id:
        return Found(message.kind if message.kind in FIRSTS else "guest_date_held")
    if told.is_cancelled:
        return Found("guest_call_restored", _lines(told, state))
    if told.starts_at != state.starts_at:
        return Found("guest_call_moved", _lines(told, state), told.starts_at)
    return Found("guest_call_changed", _lines(told, state))


def _lines(told: State, state: State) -> tuple[str, ...]:
    lines = []
    if told.is_cancelled and told.starts_at != state.starts_at:
        lines.append("The time is a new one, see above.")
    if told.minutes != state.minutes:
        lines.append(f"It takes {state.minutes} minutes now.")
    if told.way_in != state.way_in:
        lines.append("How to get in is new, see below.")
    return tuple(lines)


def _useful(message: Message, booking: Booking, told: Told, now: datetime) -> Found:
    """Drop what she has been told already by another letter, and what is no longer so."""
    if message.kind in (GUEST_NEWS, *FIRSTS, "guest_confirmed"):
        raise Dropped(KNOWS)
    if told.now.is_cancelled:
        raise Dropped("the call has been cancelled")
    if message.kind == "guest_trouble_noted":
        if not booking.trouble:
            raise Dropped("the trouble is over")
        return Found(message.kind)
    if message.kind == STILL_HELD:
        if booking.is_confirmed or booking.accepted_at is not None:
            raise Dropped("she has said yes")
        return Found(message.kind)
    if message.kind not in REMINDERS:
        raise Dropped("her date stands again")
    return _reminder(message, booking, told, now)


def _reminder(message: Message, booking: Booking, told: Told, now: datetime) -> Found:
    if message.facts["starts_at"] != dates.starts_at(booking).isoformat():
        raise Dropped("the call has been moved")
    if not booking.is_confirmed or dates.starts_at(booking) <= now:
        raise Dropped("its time is past")
    if message.kind == "guest_prep_missing" and told.is_ready:
        raise Dropped("nothing is missing any more")
    if message.kind == "guest_still_on" and guest_reminders.has_said(booking.checked_at, dates.starts_at(booking)):
        raise Dropped("she has said that she is on")
    return Found(message.kind)


def _at_stake(told: Told, now: datetime) -> datetime:
    """The start by which a letter has to be there: the one that she counts on, while that is still to come."""
    starts_at, last = told.now.starts_at, told.last
    counted_on = last.starts_at if last and not last.is_cancelled and last.starts_at > now else starts_at
    return min(counted_on, starts_at)
