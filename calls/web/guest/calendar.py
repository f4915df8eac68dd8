"""A guest's own calendar: her entry as a file, and the feed of all her bookings, which she may have, renew and withdraw."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars import ical, publishing_guests, queries, updating, updating_guests
from calls.calendars.models import Feed
from calls.ground.refusals import NotFound, Refused
from calls.joining import queries as joining
from calls.joining import rooms
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.guest import visits
from calls.web.guest.check import when_of
from calls.web.pages import redirect, text
from calls.web.subscribing import own_feed

ICS = "text/calendar; charset=utf-8"
NAME = "Your calls as guest"
DONE = {
    "feed": "Your calendar has a new address. The old one shows nothing of yours any more.",
    "feed-withdrawn": "Your calendar is withdrawn. Its address shows nothing of yours any more.",
    "feed-opened": "Here is your calendar. Its address is yours alone.",
}


@get("/g/{token}/calendar")
def calendar(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        feed = queries.feed_of_guest(here.session, here.guest.id)
        mine = here.booking if here.booking and here.booking.is_standing else None
        return here.page(
            "guest/calendar.html",
            feed=own_feed(feed, ask.house.links, "guest", NAME) if feed else None,
            has_entry=mine is not None,
            **(when_of(mine) if mine else {}),
            done=DONE.get(ask.query.value("done"), ""),
        )


@get("/g/{token}/call.ics")
def entry(ask: Ask) -> Answer:
    """Her booking as a file, with the UID of her invitation."""
    with visits.looking(ask) as here:
        mine = here.booking
        if mine is None or not mine.is_standing:
            raise NotFound("No date is yours now, so there is nothing to put into a calendar.")
        own = queries.entry_of_booking(here.session, mine.id)
        if own is None:
            raise Refused("Your calendar entry is just being made. Please try again in a minute.")
        way_in = rooms.way_in_of(joining.ways_in(here.session, [mine.show_id]), mine.show_id, mine.call_id)
        body = ical.download(publishing_guests.guest_happening(own, mine, way_in, ask.house.links))
    answer = text(body, ICS, cache_control="no-store").with_header("referrer-policy", "no-referrer")
    return answer.with_header("content-disposition", 'attachment; filename="call.ics"').with_header("x-robots-tag", "noindex")


@post("/g/{token}/calendar/feed")
def renew(ask: Ask) -> Answer:
    return _change(ask, updating.rotate_feed, "feed")


@post("/g/{token}/calendar/feed/withdrawal")
def withdraw(ask: Ask) -> Answer:
    return _change(ask, updating.withdraw_feed, "feed-withdrawn")


@post("/g/{token}/calendar/feed/opening")
def open_own(ask: Ask) -> Answer:
    """Make the calendar, or have it again after it was withdrawn."""
    with visits.doing(ask) as here:
        updating_guests.open_feed(here.session, here.guest.id, here.now)
        return redirect(f"{here.address}/calendar?done=feed-opened")


def _change(ask: Ask, deed: Callable[[Session, Feed, datetime], None], done: str) -> Answer:
    with visits.doing(ask) as here:
        feed = queries.feed_of_guest(here.session, here.guest.id)
        if feed is None:
            raise Refused("You have no calendar yet. Make it first.")
        deed(here.session, feed, here.now)
        return redirect(f"{here.address}/calendar?done={done}")


PAGES = (calendar, entry, renew, withdraw, open_own)
