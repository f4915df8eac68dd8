"""Links by which a person adds one call, or a whole feed, to the calendar she uses. No link carries a secret but the feed's own.

The forms of the feed links are F21 of calendars.md in the design; those of single calls are what Google and Outlook take today.
"""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from calls.ground.text import clean, clean_line

# Both services cut or refuse an address of more than some 8,000 characters, and each character may take up nine of them.
_LONGEST_DETAILS = 500
_LONGEST_LINE = 150


def google_event(title: str, starts_at: datetime, ends_at: datetime, details: str, location: str) -> str:
    """Google's form for a new event, filled in. Moments are aware and go out in UTC, so that no zone has to be named."""
    return _with_query(
        "https://calendar.google.com/calendar/render",
        action="TEMPLATE",
        text=_line(title),
        dates=f"{_moment(starts_at, '%Y%m%dT%H%M%SZ')}/{_moment(ends_at, '%Y%m%dT%H%M%SZ')}",
        details=_shortened(details),
        location=_line(location),
    )


def outlook_event(title: str, starts_at: datetime, ends_at: datetime, details: str, location: str, work: bool = False) -> str:
    """Outlook's form for a new event, filled in; `work` for an account of a firm or school."""
    return _with_query(
        f"{_outlook(work)}/deeplink/compose",
        path="/calendar/action/compose",
        rru="addevent",
        subject=_line(title),
        startdt=_moment(starts_at, "%Y-%m-%dT%H:%M:%SZ"),
        enddt=_moment(ends_at, "%Y-%m-%dT%H:%M:%SZ"),
        body=_shortened(details),
        location=_line(location),
    )


def webcal(feed_url: str) -> str:
    """The feed's address as Apple's and most other programs take it: they subscribe where https would download."""
    return f"webcal://{feed_url.partition('://')[2]}"


def google_feed(feed_url: str) -> str:
    """Google's page for a new subscription. With https inside, Google takes the address for a mail address and refuses."""
    return _with_query("https://calendar.google.com/calendar/r", cid=webcal(feed_url))


def outlook_feed(feed_url: str, name: str, work: bool = False) -> str:
    """Outlook's page for a new subscription; it takes https only."""
    return _with_query(f"{_outlook(work)}/addfromweb", url=feed_url, name=_line(name))


def _outlook(work: bool) -> str:
    return f"https://outlook.{'office' if work else 'live'}.com/calendar/0"


def _with_query(address: str, **query: str) -> str:
    """A blank is %20 and never "+", which Outlook shows as it stands."""
    return f"{address}?{urlencode(query, safe='', quote_via=quote)}"


def _moment(value: datetime, form: str) -> str:
    if value.tzinfo is None:
        raise ValueError(f"A moment without a zone cannot be published: {value}.")
    return value.astimezone(UTC).strftime(form)


def _line(value: str) -> str:
    return _cut(clean_line(value), _LONGEST_LINE)


def _shortened(details: str) -> str:
    """The beginning of the details; what is lost is on the call's page, whose address ends them, so a last line is kept whole."""
    whole = clean(details).strip()
    if len(whole) <= _LONGEST_DETAILS:
        return whole
    page = whole.rpartition("\n")[2].strip()
    if len(page) > _LONGEST_LINE or not page.startswith(("https://", "http://")):
        return _cut(whole, _LONGEST_DETAILS)
    return f"{_cut(whole, _LONGEST_DETAILS - len(page) - 2)}\n\n{page}"


def _cut(value: str, length: int) -> str:
    return value if len(value) <= length else f"{value[: length - 1].rstrip()}…"
