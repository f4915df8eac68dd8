"""Write calls as calendars show them: the public feed, a person's own feed, a member's, one entry for a mail or a download."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from calls.calendars import ical, publishing_guests, queries, rendering, updating
from calls.calendars.happening import Happening
from calls.calendars.models import Entry, Feed
from calls.calendars.rendering import COLOR, PUBLIC_MINUTES, Published
from calls.ground import markdown, when, zones
from calls.ground.links import Links
from calls.guests import queries as guests
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.registrations.models import Registration
from calls.shows import needs
from calls.shows import queries as shows
from calls.shows.models import Call, Show
from calls.shows.titles import headline, host_headline
from calls.team.models import Member

HOST_MINUTES = 15


def public_feed(session: Session, show: Show, links: Links, now: datetime) -> Published:
    """A show's public feed (F1 to F17). It names nobody but host and guests, and holds no way in."""
    calls = shows.feed_calls(session, show.id, now)
    happenings, is_whole = rendering.written([(call.id, partial(public_happening, call, links)) for call in calls])
    revised = max((call.revised_at for call in calls), default=show.created_at.replace(microsecond=0))
    page = links.show(show.slug)
    words = f"{_plain(show.description)}\n\nLater dates follow by themselves.\n{page}".strip()
    calendar = ical.Calendar(show.name, words, page, COLOR, PUBLIC_MINUTES, links.public_feed(show.slug), revised)
    return rendering.published(calendar, happenings, is_whole, calls, revised)


def personal_feed(session: Session, feed: Feed, links: Links, now: datetime) -> Published:
    """A person's own calls, as her invitations have them: same UIDs, same counter."""
    if feed.attendee_id is None:
        raise LookupError("this feed is no attendee's")
    rows = queries.entries_of_feed(session, feed.attendee_id, now)
    ways = joining.ways_in(session, list({registration.call.show_id for registration, _ in rows}))
    happenings, is_whole = rendering.written(
        [
            (it.call_id, partial(personal_happening, entry, it, rooms.way_in_of(ways, it.call.show_id, it.call_id), links))
            for it, entry in rows
        ]
    )
    revised = max((it.revised_at for it in happenings), default=feed.created_at.replace(microsecond=0))
    calendar = ical.Calendar(
        "Your calls",
        "The calls that you are registered for. Later dates of a pass follow by themselves.",
        links.front(),
        COLOR,
        PUBLIC_MINUTES,
        None,
        revised,
    )
    return rendering.published(calendar, happenings, is_whole, [registration.call for registration, _ in rows], revised)


def host_feed(session: Session, feed: Feed, member: Member, links: Links, now: datetime) -> Published:
    """What a member of the host's side sees: every date of all the account's shows, with numbers and what is missing."""
    calls = shows.host_feed_calls(session, member.account_id, now)
    ways = joining.ways_in(session, list({call.show_id for call in calls}))
    booked = guests.bookings_of_calls(session, [call.id for call in calls])
    held = {call_id: publishing_guests.held_names(bookings) for call_id, bookings in booked.items()}
    talks = queries.talks_of_account(session, member.account_id, now)
    happenings, is_whole = rendering.written(
        [
            *(
                (it.id, partial(host_happening, it, rooms.way_in_of(ways, it.show_id, it.id), links, held.get(it.id, ())))
                for it in calls
            ),
            *((it.id, partial(publishing_guests.talk_happening, entry, it, links)) for it, entry in talks),
        ]
    )
    revised = max((it.revised_at for it in happenings), default=feed.created_at.replace(microsecond=0))
    words = "Every date of all shows, drafts too, with who is registered by number and what is still missing."
    calendar = ical.Calendar(f"Host: {member.name}", words, links.board(), COLOR, HOST_MINUTES, None, revised)
    return rendering.published(calendar, happenings, is_whole, calls, revised)


def withdrawn_feed(feed: Feed, links: Links, withdrawn_at: datetime) -> Published:
    """What an address that was withdrawn then shows for 30 days, so that calendars drop their private copy (F23)."""
    name = "Your shows" if feed.member_id else "Your calls as guest" if feed.guest_id else "Your calls"
    words = "This calendar link was withdrawn"
    calendar = ical.Calendar(name, f"{words}.", links.front(), COLOR, PUBLIC_MINUTES, None, withdrawn_at)
    return Published(ical.notice(calendar, words, withdrawn_at.date(), f"withdrawn-{feed.id.hex}"), withdrawn_at)


def public_happening(call: Call, links: Links) -> Happening:
    """A call as anybody may see it."""
    page = links.call(call.show.slug, call.address)
    return Happening(
        uid=call.uid,
        sequence=call.sequence,
        created_at=call.created_at,
        revised_at=call.revised_at,
        starts_at=call.starts_at,
        ends_at=call.ends_at,
        summary=headline(call.show.name, call.title, call.guest_name),
        description=_words(call),
        location=page,
        url=page,
        is_cancelled=call.cancelled_at is not None,
        conference=page,
    )


def personal_happening(entry: Entry, registration: Registration, way_in: WayIn, links: Links) -> Happening:
    """A call as it stands in a registered person's calendar: with number and code as its place, unless "page only"."""
    call = registration.call
    page = links.call(call.show.slug, call.address)
    dial = "" if way_in.is_page_only else rooms.in_words(way_in)
    since = zones.wall(registration.confirmed_at, call.zone)
    words = [_words(call), f"Call {dial}." if dial else "Your own link to come in is in your mail."]
    return Happening(
        uid=entry.uid,
        sequence=updating.sequence(entry, call),
        created_at=entry.created_at,
        revised_at=updating.revised_at(entry, call),
        starts_at=call.starts_at,
        ends_at=call.ends_at,
        summary=headline(call.show.name, call.title, call.guest_name),
        description="\n\n".join([*words, f"Registered since {since.day} {since:%B %Y}."]),
        location=dial or page,
        url=page,
        is_cancelled=call.cancelled_at is not None,
        conference=page,
    )


def host_happening(call: Call, way_in: WayIn, links: Links, held_for: Sequence[str] = ()) -> Happening:
    """A call as those see it who run it; nobody who is registered is named, and no way in (F16).

    What is missing does not go by the hour, so that the same rows give the same bytes on another day (F8). A date that is held
    for guests who have not confirmed names them as such, and is tentative, as a draft is.
    """
    page = links.host_call(call.id)
    speaking = [*([call.guest_name] if call.guest_name else []), *(f"HOLD {name}?" for name in held_for)]
    return Happening(
        uid=f"host-{call.uid.removeprefix('occ-')}",
        sequence=call.sequence,
        created_at=call.created_at,
        revised_at=call.host_revised_at,
        starts_at=call.starts_at,
        ends_at=call.ends_at,
        summary=host_headline(call.show.name, call.title, ", ".join(speaking), call.taken, call.capacity),
        description=_host_words(call, way_in, held_for),
        location=page,
        url=page,
        is_cancelled=call.cancelled_at is not None,
        categories=(call.show.name,),
        conference=page,
        is_tentative=call.show.published_at is None or bool(held_for),
    )


def _host_words(call: Call, way_in: WayIn, held_for: Sequence[str]) -> str:
    said = [f"{call.taken:,} of {call.capacity:,} registered."]
    if call.guest_name:
        said.append(f"Guest: {call.guest_name}.")
    said += [f"Held for {name}, who has not confirmed yet." for name in held_for]
    if call.cancelled_at is None:
        guest_name = call.guest_name or ", ".join(held_for)
        said += needs.missing(is_draft=not call.show.published_at, guest_name=guest_name, has_way_in=bool(way_in))
        said += needs.seats(call.taken, call.capacity)
        said += needs.clocks(call.wall, call.zone, call.fold, call.starts_at)
    elif call.reason:
        said.append(f"Cancelled: {call.reason}")
    return "\n".join([*said, "", _wall_time(call)])


def _words(call: Call) -> str:
    """What the call is about, ending with its wall time, which calendars in other zones do not show (T5)."""
    about = call.reason if call.cancelled_at else _plain(call.description or call.show.description)
    return f"{about}\n\n{_wall_time(call)}".strip()


def _wall_time(call: Call) -> str:
    return f"{when.clock(call.starts_at, call.zone)} {zones.time_name(call.zone)}"


def _plain(words: str) -> str:
    return markdown.markdown_to_text(words)
