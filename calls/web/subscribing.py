"""The ways to subscribe to a feed: each program takes its address in another form (F21 of the calendar rules)."""

from dataclasses import dataclass

from calls.calendars import add_links
from calls.calendars.models import Feed
from calls.ground.links import Links


@dataclass(frozen=True)
class Subscription:
    """One feed's address, and the links by which Apple's and other programs, Google and Outlook take it."""

    url: str
    webcal: str
    google: str
    outlook: str
    outlook_at_work: str


def subscription(url: str, name: str) -> Subscription:
    """The links for the feed at this absolute address."""
    return Subscription(
        url=url,
        webcal=add_links.webcal(url),
        google=add_links.google_feed(url),
        outlook=add_links.outlook_feed(url, name),
        outlook_at_work=add_links.outlook_feed(url, name, work=True),
    )


@dataclass(frozen=True)
class OwnFeed:
    """A person's own feed as her page shows it: the ways to subscribe, or None while it is withdrawn."""

    subscription: Subscription | None


def own_feed(feed: Feed, links: Links, file: str, name: str) -> OwnFeed:
    """Her feed under the name `file`.ics, called `name` where a program asks what to call it."""
    address = links.feed(feed.id, feed.generation, file)
    return OwnFeed(subscription(address, name) if feed.is_open else None)
