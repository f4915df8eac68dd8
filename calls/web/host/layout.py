"""What all pages of the host's side share: whose they are, and the menu of their rooms."""

from typing import Any

from calls.team.models import SignIn
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import page

BOARD = "/host"
ROOMS = (
    ("Board", BOARD),
    ("Shows", "/host/shows"),
    ("Guests", "/host/guests"),
    ("Outbox", "/host/outbox"),
    ("Account", "/host/account"),
)


def host_page(ask: Ask, sign_in: SignIn, template: str, status: int = 200, **facts: Any) -> Answer:
    """A page for the member who is here, and for nobody else: stored nowhere, and another for each cookie."""
    member = sign_in.member
    own: dict[str, Any] = {"member": member, "account": member.account, "menu": menu(ask.path)}
    answer = page(ask, template, status, private=True, referrer="same-origin", **own, **facts)
    return answer.with_header("vary", "Cookie")


def menu(path: str) -> list[tuple[str, str, bool]]:
    """Label and address of each room, and whether the page is in it. The board is no room around the others."""
    return [(label, href, path == href or (href != BOARD and path.startswith(f"{href}/"))) for label, href in ROOMS]
