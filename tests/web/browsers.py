"""Browsers that come to a small application, as the tests of pages need them."""

from collections.abc import Callable, Mapping
from functools import partial

from httpx import Response
from litestar.testing import TestClient

from calls.ground.clock import Clock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.team import signing_in
from calls.team.models import Member
from calls.web.asgi import App
from calls.web.house import House
from calls.web.kept import Kept
from calls.web.limits import Limits
from calls.web.pages import templates
from calls.web.public import last_good
from calls.web.shelf import Shelf
from calls.web.static import Static
from tests.calendars.judging import JUDGE

# What is typed into a form; a list is as many values of one name.
Typed = Mapping[str, str | list[str]]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


class Browser:
    """One person's browser: it keeps cookies, follows no redirect by itself, and knows the way to sign in."""

    def __init__(self, app: App, house: House, user_agent: str = FIREFOX) -> None:
        self.client = TestClient(app, base_url=house.links.url)
        self.client.headers["user-agent"] = user_agent
        self.client.event_hooks = {"response": [JUDGE.answer]}
        self.cookies = self.client.cookies
        self._house = house

    def get(self, path: str) -> Response:
        return self.client.get(path, follow_redirects=False)

    def post(self, path: str, form: Typed | None = None, headers: dict[str, str] | None = None) -> Response:
        return self.client.post(path, data=dict(form or {}), headers=headers, follow_redirects=False)

    def sign_in(self, member: Member) -> Response:
        """Follow a new link of the member's."""
        with self._house.database.transaction() as session:
            token = signing_in.link_for(session, member, now=self._house.clock.now())
        return self.post(f"/sign-in/{token}")


NewBrowser = Callable[..., Browser]


def a_house(database: Database, clock: Clock, keys: Keys, url: str, shelf: Shelf | None = None) -> House:
    links, static = Links(url, keys), Static()
    house = House(database, clock, keys, links, templates(links, static), Kept(), Limits(), static, shelf=shelf or Shelf())
    database.on_commit(partial(last_good.hear, house))
    return house
