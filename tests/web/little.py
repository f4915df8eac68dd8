"""A little application of a few page functions, with the real shell around it, for the tests of the web's own parts."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.web import application, asgi
from calls.web.answers import Answer
from calls.web.hosts import Network
from calls.web.house import House
from calls.web.kept import Kept
from calls.web.limits import Limits
from calls.web.operating import operating
from calls.web.pages import templates
from calls.web.static import Static

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "http://127.0.0.1:8000"
FOLDER = Path(__file__).parents[2] / "templates"


@dataclass
class Little:
    """The application as a browser meets it, and the house behind it."""

    browser: TestClient  # type: ignore[type-arg]
    house: House
    registry: CollectorRegistry


def a_house(url: str = URL, database: str = "sqlite://") -> House:
    keys = Keys(b"the secret of the tests")
    links, static = Links(url, keys), Static()
    pages = templates(links, static, FOLDER)
    return House(Database(database), SetClock(NOON), keys, links, pages, Kept(), Limits(), static)


@contextmanager
def little(
    *handlers: HTTPRouteHandler,
    house: House | None = None,
    trusted: Sequence[Network] = (),
    token: str = "",
    lacks: Callable[[], str] = lambda: "",
    peer: str = "127.0.0.1",
) -> Iterator[Little]:
    house = house or a_house()
    registry = CollectorRegistry()
    app = application(house, [*handlers, *operating(registry, token, lacks)], registry=registry, trusted_proxies=trusted)
    seen_from = from_address(app, peer)
    with TestClient(seen_from, base_url=house.links.url, raise_server_exceptions=False) as browser:
        browser.follow_redirects = False
        yield Little(browser, house, registry)


def from_address(app: asgi.App, peer: str) -> asgi.App:
    """The application as it is reached from some address."""

    async def reached(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        await app({**scope, "client": (peer, 5000)} if scope["type"] == "http" else scope, receive, send)

    return reached


def an_answer(body: str = "Hello", **about: object) -> Answer:
    """A public page of that body."""
    return replace(Answer(body.encode(), cache_control="no-cache"), **about)  # type: ignore[arg-type]
