"""A member's own calendar of all dates of the account's shows: make it, give it a new address, withdraw it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars import queries, updating
from calls.calendars.models import Feed
from calls.ground.links import Links
from calls.ground.refusals import Refused
from calls.team.models import Member
from calls.web import post, visitors
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import redirect
from calls.web.subscribing import OwnFeed, own_feed

HERE = "/host/account"
FEED = f"{HERE}/feed"
DONE = {
    "feed": "Your calendar has a new address. The old one shows nothing any more.",
    "feed-withdrawn": "Your calendar is withdrawn. Its address shows nothing any more.",
    "feed-opened": "Here is your calendar. Its address is yours alone.",
}


def shown(session: Session, member: Member, links: Links) -> OwnFeed | None:
    """The member's feed for her page; None before she has ever made one."""
    feed = queries.feed_of_member(session, member.id)
    return own_feed(feed, links, "host", f"Host: {member.name}") if feed else None


@post("/host/account/feed")
def renew(ask: Ask) -> Answer:
    _change(ask, updating.rotate_feed)
    return redirect(f"{HERE}?done=feed")


@post("/host/account/feed/withdrawal")
def withdraw(ask: Ask) -> Answer:
    _change(ask, updating.withdraw_feed)
    return redirect(f"{HERE}?done=feed-withdrawn")


@post("/host/account/feed/opening")
def open_own(ask: Ask) -> Answer:
    """Make the calendar, or have it again after it was withdrawn."""
    with ask.house.database.transaction() as session:
        updating.open_host_feed(session, visitors.member(ask, session).member.id, ask.now)
    return redirect(f"{HERE}?done=feed-opened")


def _change(ask: Ask, deed: Callable[[Session, Feed, datetime], None]) -> None:
    with ask.house.database.transaction() as session:
        feed = queries.feed_of_member(session, visitors.member(ask, session).member.id)
        if feed is None:
            raise Refused("You have no calendar yet. Make it first.")
        deed(session, feed, ask.now)


PAGES = (renew, withdraw, open_own)
