"""Links that add one call or a whole feed to a calendar."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from calls.calendars import add_links

STARTS = datetime(2026, 10, 14, 9, 0, tzinfo=timezone(timedelta(hours=-7)))
ENDS = datetime(2026, 10, 14, 17, 0, tzinfo=UTC)
FEED = "https://calls.example/feeds/abc/ask-tara.ics"


def test_google_event_names_the_call_in_utc() -> None:
    link = add_links.google_event("Q&A: roses + weeds", STARTS, ENDS, "What to plant.\nBring questions", "+1 555 0100, code 482#")

    assert link == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Q%26A%3A%20roses%20%2B%20weeds"
        "&dates=20261014T160000Z%2F20261014T170000Z&details=What%20to%20plant.%0ABring%20questions"
        "&location=%2B1%20555%200100%2C%20code%20482%23"
    )


@pytest.mark.parametrize(("work", "host"), [(False, "outlook.live.com"), (True, "outlook.office.com")])
def test_outlook_event_names_the_call_in_utc(work: bool, host: str) -> None:
    link = add_links.outlook_event("Roses + weeds", STARTS, ENDS, "Bring questions", "Phone", work=work)

    assert link == (
        f"https://{host}/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
        "&subject=Roses%20%2B%20weeds&startdt=2026-10-14T16%3A00%3A00Z&enddt=2026-10-14T17%3A00%3A00Z"
        "&body=Bring%20questions&location=Phone"
    )


def test_event_link_takes_nothing_but_its_own_values_from_what_was_typed() -> None:
    title, details = 'x&dates=1/2#"><script>\r\nname\x00\ud800', "a\r\nb&action=DELETE"

    query = parse_qs(urlsplit(add_links.google_event(title, STARTS, ENDS, details, "")).query, keep_blank_values=True)

    assert query == {
        "action": ["TEMPLATE"],
        "text": ['x&dates=1/2#"><script> name'],
        "dates": ["20261014T160000Z/20261014T170000Z"],
        "details": ["a\nb&action=DELETE"],
        "location": [""],
    }


def test_event_link_stays_short_and_keeps_the_page_at_the_end() -> None:
    details = "字" * 10_000 + "\n\nhttps://calls.example/ask-tara/2026-10-14"

    link = add_links.outlook_event("字" * 10_000, STARTS, ENDS, details, "字" * 10_000)

    assert len(link) < 8_000
    assert parse_qs(urlsplit(link).query)["body"] == ["字" * 456 + "…\n\nhttps://calls.example/ask-tara/2026-10-14"]


def test_event_link_cuts_details_without_a_page_at_their_end() -> None:
    query = parse_qs(urlsplit(add_links.google_event("", STARTS, ENDS, "a" * 501, "")).query)

    assert query["details"] == ["a" * 499 + "…"]


def test_event_link_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        add_links.google_event("", STARTS.replace(tzinfo=None), ENDS, "", "")


def test_feed_links_have_the_forms_that_each_service_takes() -> None:
    encoded = "calls.example%2Ffeeds%2Fabc%2Fask-tara.ics"

    assert add_links.webcal(FEED) == "webcal://calls.example/feeds/abc/ask-tara.ics"
    assert add_links.google_feed(FEED) == f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F{encoded}"
    outlook = f"addfromweb?url=https%3A%2F%2F{encoded}&name=Ask%20Tara%20%26%20Ben"
    assert add_links.outlook_feed(FEED, "Ask Tara & Ben") == f"https://outlook.live.com/calendar/0/{outlook}"
    assert add_links.outlook_feed(FEED, "Ask Tara & Ben", work=True) == f"https://outlook.office.com/calendar/0/{outlook}"
