"""The ways to subscribe to a feed: each program takes its address in another form (F21 of the calendar rules)."""

from dataclasses import dataclass

from calls.calendars import add_links


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
