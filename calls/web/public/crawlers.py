"""What machines ask of a site by fixed names: which pages a search engine may see, and the picture of a tab."""

from dataclasses import replace
from xml.sax.saxutils import escape

from calls.shows import queries
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import keep, text
from calls.web.public import shown
from calls.web.public.front import ANY_SHOW
from calls.wishes import queries as wishes

XML = "application/xml; charset=utf-8"
A_DAY = "public, max-age=86400"
AN_HOUR = "public, max-age=3600"
MOST = 10_000  # sitemaps.org allows 50,000 addresses in one file
PRIVATE = ("/r/", "/a/", "/j/", "/g/", "/p/", "/o/", "/w/", "/feeds/", "/unsubscribe/", "/host", "/sign-in", "/find")


@get("/robots.txt")
def robots(ask: Ask) -> Answer:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), "", f"Sitemap: {ask.house.links.url}/sitemap.xml", ""]
    return text("\n".join(lines), cache_control=A_DAY)


@get("/sitemap.xml")
def sitemap(ask: Ask) -> Answer:
    """The pages that a search engine may see, and only they.

    These are the front, public shows, the wishes of those that take any, and calls that are not over.
    """
    ticket = ask.house.kept.begin()
    links = ask.house.links
    with ask.house.database.reading() as session:
        shows = queries.public_shows(session)
        calls = queries.calls_to_come(session, [show.id for show in shows], ask.now, limit=MOST)
        taking = wishes.taking(session, [show.id for show in shows])
        addresses = [
            links.front(),
            *(links.show(show.slug) for show in shows),
            *(links.wishes(show.slug) for show in shows if show.id in taking),
            *(links.call(call.show.slug, call.address) for call in calls),
        ]
    body = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    answer = text(f"{head}{body}</urlset>\n", XML, cache_control=AN_HOUR)
    tags = {*ANY_SHOW, *(f"show:{show.id}" for show in shows)}
    return keep(ask, ticket, answer, tags=tags, until=shown.words_change_at(calls, ask.now))


@get("/favicon.ico")
def favicon(ask: Ask) -> Answer:
    """For programs that look for it by name; pages themselves name the picture that is served for ever."""
    static = ask.house.static
    found = static.find(static.address("img/favicon.ico"))
    if found is None:
        raise LookupError("the picture is named but not served")
    return replace(found.answer, cache_control=A_DAY)


PAGES = (robots, sitemap, favicon)
