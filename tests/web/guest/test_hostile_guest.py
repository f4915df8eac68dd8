"""A guest whose every word is hostile: she is shown as words wherever she is named, on page, in mail, feed, sheet and picture."""

import re
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa

from calls.ground.links import Links
from calls.guests import prep, preparing
from calls.guests.answers import Answers
from calls.guests.models import Invitation
from calls.guests.preparing import Typed
from calls.kits.models import Share
from calls.shows.models import Call, Show
from tests.fakes import FakeMail
from tests.guests.asking import Asking
from tests.studio import ANN
from tests.web.browsers import Browser

SCRIPT = "<script>alert(1)</script>"
NAME = f"Dr. {SCRIPT} \u202eono\r\nBcc: eve@example.com BEGIN:VEVENT"
TOPIC = f'"><img src=x onerror=alert(2)>{SCRIPT}\nATTENDEE:mailto:eve@example.com'
BIO = f"[click](javascript:alert(3)) ![x](https://eve.example/x.png) {SCRIPT}\n\n<iframe src=https://eve.example></iframe>\n# Big"
TYPED = {"bio": BIO, "offer": f"{SCRIPT} {{name}}", "please_ask": f"Why?\n{SCRIPT}", "please_dont": SCRIPT}
OURS = ("https://calls.example", "/", "mailto:", "tel:", "#")


class Parts(HTMLParser):
    """What a page would do: its elements that run or load, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or name in {"src", "href", "action"}:
                self.found.append((f"{tag} {name}", value or ""))
        if tag in {"script", "iframe", "object", "embed"} and not (dict(attrs).get("src") or "").startswith("/static/"):
            self.found.append((tag, "itself"))


def faults(html: str) -> list[tuple[str, str]]:
    """Whatever runs, loads from elsewhere, or leads to no web address."""
    found = Parts(html).found
    bad = [it for it in found if it[1] == "itself" or it[0].split()[1].startswith("on")]
    loads = [it for it in found if it[0].endswith(("src", "action")) and not it[1].startswith(OURS)]
    leads = [it for it in found if it[0].endswith("href") and not it[1].startswith((*OURS, "https://", "webcal://"))]
    return [*bad, *loads, *leads]


@pytest.fixture
def call(asking: Asking) -> Call:
    """The first call, with her agreed on and her prep sent in; Ann is registered."""
    asking.studio.register(ANN)
    booking_id = asking.choose(asking.invite(asking.guest(), [0]))
    asking.accept(booking_id, Answers(NAME, TOPIC, "+81 3 1234 5678"))
    with asking.booking(booking_id) as (session, booking, by):
        seen = prep.marks(prep.values(preparing.found(session, booking)))
        preparing.save(session, booking, Typed(TYPED, seen), by=by, now=asking.now)
    asking.studio.work()
    with asking.database.reading() as session:
        return asking.studio.call(session)


def test_she_is_shown_as_words_on_every_page(asking: Asking, call: Call, owner: Browser, here: Links) -> None:
    with asking.database.reading() as session:
        show = session.get_one(Show, asking.studio.show_id)
        invitation_id = session.scalars(sa.select(Invitation.id)).one()
    own = here.guest(invitation_id)
    paths = [
        f"/{show.slug}",
        f"/{show.slug}/{call.address}",
        *(own + room for room in ("", "/prep", "/run-sheet", "/kit", "/calendar", "/check", "/trouble")),
        "/host",
        "/host/guests",
        f"/host/calls/{call.id}",
        f"/host/calls/{call.id}/run-sheet",
        f"/host/shows/{show.id}/invitations",
    ]
    answers = {path: owner.get(path) for path in paths}

    assert {path: it.status_code for path, it in answers.items()} == dict.fromkeys(paths, 200)
    assert {path: faults(it.text) for path, it in answers.items()} == {path: [] for path in paths}


def test_her_words_end_no_line_of_mail_or_calendar(asking: Asking, call: Call, owner: Browser) -> None:
    mail = asking.studio.mail
    assert isinstance(mail, FakeMail)
    with asking.database.reading() as session:
        show = session.get_one(Show, asking.studio.show_id)
    feed = owner.get(f"/{show.slug}/calendar.ics").text

    assert mail.letters
    assert [faults(it.html) for it in mail.letters] == [[]] * len(mail.letters)
    assert [it.to for it in mail.letters if "eve@example.com" in it.to] == []
    assert re.findall(r"^(?:Bcc|ATTENDEE|BEGIN:VEVENT\S)", feed, re.M) == []
    assert feed.count("\r\nBEGIN:VEVENT\r\n") == 16


def test_her_picture_is_drawn_and_her_link_is_plain(asking: Asking, call: Call, owner: Browser) -> None:
    with asking.database.reading() as session:
        show = session.get_one(Show, asking.studio.show_id)
        codes = session.scalars(sa.select(Share.code)).all()
    picture = owner.get(f"/{show.slug}/{call.address}/picture.png")

    assert (picture.status_code, picture.content[:8]) == (200, b"\x89PNG\r\n\x1a\n")
    assert [re.fullmatch(r"[a-z0-9-]{1,40}", it) is not None for it in codes] == [True]
