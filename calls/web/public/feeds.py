"""The feeds that calendar programs fetch (F18 to F23 of the calendar rules).

A program that is answered with an error may switch the calendar off, and one that is given a page empties it. So as long as
a feed lives it is answered with a calendar: the newest, or the last good one where the newest cannot be made.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from calls.calendars import publishing, publishing_guests, queries
from calls.calendars.models import Feed
from calls.calendars.rendering import Published
from calls.calendars.updating import whose_tag
from calls.ground.database import TROUBLE
from calls.ground.links import FEED
from calls.ground.refusals import NotFound
from calls.ground.tokens import id_in
from calls.shows import queries as shows
from calls.team.models import Member
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import keep, text
from calls.web.public import last_good
from calls.web.public.shown import published_show

logger = logging.getLogger("calls.web")

ICS = "text/calendar; charset=utf-8"
PUBLIC = "public, max-age=900"
PRIVATE = "private, max-age=300"
# Days leave a feed at one end and dates join it at the other, whether or not anything is changed.
HOLDS = timedelta(hours=1)
UNMADE = (*TROUBLE, SQLAlchemyError, ValueError, TypeError, AttributeError, ArithmeticError, LookupError, AssertionError)


@get("/{slug}/calendar.ics")
def public_feed(ask: Ask) -> Answer:
    return _served(ask, _public)


@get("/feeds/{token}/{file}")
def personal_feed(ask: Ask) -> Answer:
    return _served(ask, _personal)


def _served(ask: Ask, make: Callable[[Ask], Answer]) -> Answer:
    """What `make` makes; where it cannot, the last good answer for this address."""
    try:
        return make(ask)
    except NotFound:
        last_good.forget(ask)
        return text("There is no calendar at this address.\n").with_status(404)
    except UNMADE as fault:
        known = last_good.find(ask)
        if known is None:
            raise
        logger.error("a feed could not be made, the last good one is served: %s (request %s)", type(fault).__name__, ask.number)
        return known


def _public(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    with ask.house.database.reading() as session:
        show = published_show(ask, session)
        published = publishing.public_feed(session, show, ask.house.links, ask.now)
    # Not the show's own tag, which each registration drops: a feed knows nothing of those.
    tags = {f"thing:{show.id}", "change:call.added", *(f"thing:{call.id}" for call in published.calls)}
    return _kept(ask, ticket, published, PUBLIC, tags)


def _personal(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    with ask.house.database.reading() as session:
        feed, generation = _feed(ask, session)
        member = session.get_one(Member, feed.member_id) if feed.member_id else None
        withdrawn_at = _withdrawn_at(feed, generation, member)
        if withdrawn_at:
            return _withdrawn(ask, feed, withdrawn_at)
        make = partial(_of_member, member) if member else _of_guest if feed.guest_id else _of_attendee
        published, tags = make(session, feed, ask)
    return _kept(ask, ticket, published, PRIVATE, tags)


def _of_attendee(session: Session, feed: Feed, ask: Ask) -> tuple[Published, set[str]]:
    published = publishing.personal_feed(session, feed, ask.house.links, ask.now)
    return published, {whose_tag(feed), *(f"thing:{it}" for call in published.calls for it in (call.id, call.show_id))}


def _of_guest(session: Session, feed: Feed, ask: Ask) -> tuple[Published, set[str]]:
    """What befalls a booking touches its show, its call, or the guest herself."""
    published = publishing_guests.guest_feed(session, feed, ask.house.links, ask.now)
    return published, {whose_tag(feed), *(f"thing:{it}" for call in published.calls for it in (call.id, call.show_id))}


def _of_member(member: Member, session: Session, feed: Feed, ask: Ask) -> tuple[Published, set[str]]:
    """What befalls a show or any of its calls drops the show's own tag, each registration among it: the numbers are shown."""
    published = publishing.host_feed(session, feed, member, ask.house.links, ask.now)
    own = shows.shows_of(session, member.account_id)
    return published, {whose_tag(feed), f"thing:{member.id}", "change:show.created", *(f"show:{show.id}" for show in own)}


def _feed(ask: Ask, session: Session) -> tuple[Feed, int]:
    """The feed that this address opens or once opened, and the address's generation. Raises NotFound for any other."""
    token, keys = ask.part("token"), ask.house.keys
    id = id_in(token)
    feed = queries.feed_by_id(session, id) if id and ask.part("file").endswith(".ics") else None
    if id is None or feed is None:
        raise NotFound
    handed_out = range(feed.generation + feed.is_open)  # the newest of a withdrawn feed was told to nobody
    for generation in reversed(handed_out):
        if keys.fits(token, FEED, id, generation):
            return feed, generation
    raise NotFound


def _withdrawn_at(feed: Feed, generation: int, member: Member | None) -> datetime | None:
    """When this address was withdrawn: by its owner, or because she was removed from the account (F22)."""
    if generation < feed.generation:
        return feed.withdrawn_at or feed.created_at
    return member.removed_at if member else None


def _kept(ask: Ask, ticket: int, published: Published, cache_control: str, tags: set[str]) -> Answer:
    if not published.is_whole and last_good.find(ask):
        raise ValueError("a call could not be written")
    tags = tags | {last_good.place_of(ask)[0]}
    answer = keep(ask, ticket, _calendar(published, cache_control), tags=tags, until=ask.now + HOLDS)
    if published.is_whole:
        last_good.keep(ask, answer)
    return answer


def _withdrawn(ask: Ask, feed: Feed, withdrawn_at: datetime) -> Answer:
    """For 30 days a notice, so that calendars let go of what they hold; then the end."""
    last_good.forget(ask)
    if not queries.is_just_withdrawn(withdrawn_at, ask.now):
        return text("This calendar was withdrawn.\n").with_status(410)
    return _calendar(publishing.withdrawn_feed(feed, ask.house.links, withdrawn_at), PRIVATE)


def _calendar(published: Published, cache_control: str) -> Answer:
    answer = replace(text(published.body, ICS, cache_control=cache_control), last_modified=published.revised_at)
    return answer.with_header("x-robots-tag", "noindex").with_header("referrer-policy", "no-referrer")


PAGES = (public_feed, personal_feed)
