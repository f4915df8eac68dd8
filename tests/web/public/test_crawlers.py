"""What machines ask for by fixed names."""

import re

from calls.ground.clock import SetClock
from calls.ground.database import Database
from tests.builders import a_call, a_show
from tests.web.browsers import Browser
from tests.web.public.conftest import URL, Programme

PRIVATE = ("/find", "/ask-tara/thanks", "/ask-tara/calendar.ics")


def addresses(browser: Browser) -> list[str]:
    return re.findall("<loc>([^<]*)</loc>", browser.get("/sitemap.xml").text)


def test_robots_are_kept_off_what_is_private_and_shown_the_sitemap(browser: Browser, database: Database) -> None:
    answer = browser.get("/robots.txt")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text.splitlines() == [
        "User-agent: *",
        "Disallow: /r/",
        "Disallow: /a/",
        "Disallow: /j/",
        "Disallow: /g/",
        "Disallow: /p/",
        "Disallow: /o/",
        "Disallow: /feeds/",
        "Disallow: /unsubscribe/",
        "Disallow: /host",
        "Disallow: /sign-in",
        "Disallow: /find",
        "",
        "Sitemap: https://calls.example/sitemap.xml",
    ]


def test_sitemap_names_public_pages_to_come(browser: Browser, tara: Programme, database: Database, clock: SetClock) -> None:
    with database.transaction() as session:
        a_call(session, a_show(session, slug="draft", published_at=None))
    clock.set(tara.first.ends_at)

    found = addresses(browser)

    assert found == [
        "https://calls.example/",
        "https://calls.example/ask-tara",
        "https://calls.example/ask-tara/2026-12-01",
        "https://calls.example/ask-tara/2026-12-08",
        "https://calls.example/ask-tara/2026-12-15",
    ]


def test_a_search_engine_may_see_what_is_in_the_sitemap_and_nothing_else(
    browser: Browser, tara: Programme, clock: SetClock
) -> None:
    clock.set(tara.first.ends_at)
    public = [browser.get(it.removeprefix(URL)) for it in addresses(browser)]
    others = [browser.get(it) for it in (*PRIVATE, "/ask-tara/2026-11-24")]

    assert [(it.status_code, it.headers.get("x-robots-tag")) for it in public] == [(200, None)] * 5
    assert [(it.status_code, it.headers.get("x-robots-tag")) for it in others] == [(200, "noindex")] * 4


def test_favicon_is_there_under_its_old_name(browser: Browser, database: Database) -> None:
    answer = browser.get("/favicon.ico")

    assert (answer.status_code, answer.headers["content-type"], answer.content[:4]) == (
        200,
        "image/vnd.microsoft.icon",
        b"\x00\x00\x01\x00",
    )
