"""The demo's outbox: every mail that would have gone, as text, as HTML, and with its calendar part."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from litestar.handlers import HTTPRouteHandler

from calls.gateways.mail import FolderMail
from calls.ground.refusals import NotFound
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import page, text

MOST = 300
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Shown:
    """One mail as the page shows it; `calendar` is its calendar part as text, "" when it has none."""

    number: int
    to: str
    subject: str
    sent_at: datetime
    words: str
    calendar: str
    has_html: bool


def pages(mail: FolderMail) -> list[HTTPRouteHandler]:
    """The pages over one folder of mails."""

    @get("/outbox")
    def outbox(ask: Ask) -> Answer:
        """All mails, the latest first."""
        letters = mail.letters()
        numbered = list(enumerate(letters, 1))[::-1][:MOST]
        return page(
            ask, "demo/outbox.html", private=True, mails=[shown(number, path) for number, path in numbered], total=len(letters)
        )

    @get("/outbox/{number}")
    def letter(ask: Ask) -> Answer:
        """One mail whole."""
        number, path = _find(mail, ask.part("number"))
        return page(ask, "demo/letter.html", private=True, mail=shown(number, path))

    @get("/outbox/{number}/html")
    def as_html(ask: Ask) -> Answer:
        """One mail as a mail program shows it."""
        _, path = _find(mail, ask.part("number"))
        html = _read(path).get_body(("html",))
        if html is None:
            raise NotFound
        answer = text(cast(str, html.get_content()), "text/html; charset=utf-8")
        return answer.with_header("content-security-policy", MAIL_POLICY)

    @get("/outbox/{number}/calendar")
    def calendar(ask: Ask) -> Answer:
        """One mail's calendar part, to be opened with a calendar program."""
        _, path = _find(mail, ask.part("number"))
        part = _calendar(_read(path))
        if not part:
            raise NotFound
        return text(part, "text/calendar; charset=utf-8", filename="invite.ics")

    return [outbox, letter, as_html, calendar]


def _find(mail: FolderMail, typed: str) -> tuple[int, Path]:
    letters = mail.letters()
    if not typed.isascii() or not typed.isdigit() or len(typed) > 6 or not 1 <= int(typed) <= len(letters):
        raise NotFound
    return int(typed), letters[int(typed) - 1]


def shown(number: int, path: Path) -> Shown:
    """A mail's file as the page shows it."""
    message = _read(path)
    words = message.get_body(("plain",))
    return Shown(
        number,
        str(message["To"]),
        str(message["Subject"]),
        message["Date"].datetime,
        cast(str, words.get_content()) if words else "",
        _calendar(message),
        message.get_body(("html",)) is not None,
    )


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _calendar(message: EmailMessage) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return cast(str, part.get_content())
    return ""
