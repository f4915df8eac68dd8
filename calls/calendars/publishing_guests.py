"""Bookings as calendars show them: a guest's invitation and feed, and what the host's feed says of dates and talks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from calls.calendars import ical, queries, rendering, updating_guests
from calls.calendars.happening import Happening
from calls.calendars.models import Entry, Feed
from calls.calendars.rendering import COLOR, PUBLIC_MINUTES, Published
from calls.ground import when, zones
from calls.ground.links import Links
from calls.guests import dates
from calls.guests.models import Booking
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn

GREEN_ROOM = timedelta(minutes=15)


def guest_feed(session: Session, feed: Feed, links: Links, now: datetime) -> Published:
    """All that a guest is booked for, as her invitations have it: same UIDs, same counter; what is held is tentative."""
    if feed.guest_id is None:
        raise LookupError("this feed is no guest's")
    rows = queries.entries_of_guest(session, feed.guest_id, now)
    ways = joining.ways_in(session, list({booking.show_id for booking, _ in rows}))
    happenings, is_whole = rendering.written(
        [
            (it.id, partial(guest_happening, entry, it, rooms.way_in_of(ways, it.show_id, it.call_id), links))
            for it, entry in rows
        ]
    )
    revised = max((it.revised_at for it in happenings), default=feed.created_at.replace(microsecond=0))
    calendar = ical.Calendar(
        "Your calls as guest",
        "The calls on which you are the guest; what is only held for you is tentative.",
        links.front(),
        COLOR,
        PUBLIC_MINUTES,
        None,
        revised,
    )
    return rendering.published(calendar, happenings, is_whole, [it.call for it, _ in rows if it.call], revised)


def guest_happening(entry: Entry, booking: Booking, way_in: WayIn, links: Links) -> Happening:
    """A booking as it stands in the guest's calendar: number and code as its place, unless "page only"; no link of hers (M7)."""
    call, show = booking.call, booking.show
    page = links.call(show.slug, call.address) if call else links.show(show.slug)
    dial = "" if way_in.is_page_only else rooms.in_words(way_in)
    return Happening(
        uid=entry.uid,
        sequence=updating_guests.sequence(entry, booking),
        created_at=entry.created_at,
        revised_at=updating_guests.revised_at(entry, booking),
        starts_at=dates.starts_at(booking),
        ends_at=dates.over_at(booking),
        summary=f"{show.name}: {'your call as guest' if call else 'your talk with the host'}",
        description=_guest_words(booking, dial),
        location=dial or page,
        url=page,
        is_cancelled=dates.is_called_off(booking),
        is_tentative=not booking.is_confirmed,
    )


def talk_happening(entry: Entry, booking: Booking, links: Links) -> Happening:
    """A talk that is on no schedule, as those see it who lead it."""
    page, name = links.host_guest(booking.guest_id), booking.guest.name
    hold = "" if booking.is_confirmed else "HOLD "
    return Happening(
        uid=f"host-{entry.uid.removeprefix('inv-')}",
        sequence=updating_guests.sequence(entry, booking),
        created_at=entry.created_at,
        revised_at=updating_guests.revised_at(entry, booking),
        starts_at=dates.starts_at(booking),
        ends_at=dates.over_at(booking),
        summary=f"{booking.show.name}: {hold}talk with {name}{'?' if hold else ''}",
        description=_wall_times(booking),
        location=page,
        url=page,
        is_cancelled=False,
        categories=(booking.show.name,),
        is_tentative=not booking.is_confirmed,
    )


def held_names(bookings: Sequence[Booking]) -> list[str]:
    """Whose hold on a call still waits to be confirmed."""
    return [it.guest.name for it in bookings if not it.is_confirmed]


def _guest_words(booking: Booking, dial: str) -> str:
    if dates.is_called_off(booking) and booking.call:
        return f"{booking.call.reason}\n\n{_wall_times(booking)}".strip()
    said = []
    if not booking.is_confirmed:
        said.append(f"Held for you until {when.full(booking.ends_at, dates.guest_zone(booking))}. Say Yes and it is yours.")
    if booking.call:
        early = dates.starts_at(booking) - GREEN_ROOM
        said.append(f"Please be there 15 minutes before, at {_clock(early, dates.guest_zone(booking))}.")
    said.append(f"Call {dial}." if dial else "How to get in is on your own page, whose link is in your mails.")
    return "\n\n".join([*said, _wall_times(booking)])


def _wall_times(booking: Booking) -> str:
    """The start by the show's clock and by the guest's, which calendars in one zone do not show (T5)."""
    here, hers = dates.zone(booking), dates.guest_zone(booking)
    times = [_clock(dates.starts_at(booking), here)]
    if zones.offset(dates.starts_at(booking), here) != zones.offset(dates.starts_at(booking), hers):
        times.append(f"{when.short_day(dates.starts_at(booking), hers)}, {_clock(dates.starts_at(booking), hers)}")
    return "\n".join(times)


def _clock(moment: datetime, zone: str) -> str:
    return f"{when.clock(moment, zone)} {zones.time_name(zone)}"
