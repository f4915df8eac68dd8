"""Chromium, as a person sits before it: a zone, a language, a screen, JavaScript or none, light or dark.

Every fault that a page has while somebody looks at it ends the test: an error on the console (a blocked style or script is
one), a request that fails, a request to another host. Where Chromium is not installed the tests are skipped and say so,
unless CALLS_TESTS_REQUIRE asks for `chromium`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, Route, sync_playwright

from tests.calendars.judging import JUDGE
from tests.conftest import need

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = (1180, 900), (320, 640)  # 320 CSS pixels: WCAG 2.2, 1.4.10
PATIENCE = 10_000  # milliseconds
LOADED_BADLY = "Failed to load resource"
LEFT_BEFORE = "net::ERR_ABORTED"  # a picture that was under way when she went on
ELSEWHERE = "<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, started; each person gets a window of her own from `window`."""
    program = need("chromium", next(filter(None, map(shutil.which, NAMES)), None), "Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Window:
    """What one person does and sees. Everything is found as she finds it: by its label or its words."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    awaited: set[int] = field(default_factory=set)
    left_for: list[str] = field(default_factory=list)
    pages: int = 0
    presses: int = 0
    fields: int = 0

    def go(self, path: str, status: int = 200) -> Response:
        """Open an address, of this installation or a whole one from a mail."""
        with self.awaiting(status):
            answer = self.page.goto(path if "://" in path else f"{self.url}{path}")
        assert answer is not None
        assert answer.status == status, f"{answer.status} instead of {status} at {answer.url}: {self.words()}"
        return answer

    def fill(self, label: str, value: str) -> None:
        self.fields += 1
        self.page.get_by_label(label).fill(value)

    def choose(self, label: str, choice: str) -> None:
        """One of a list."""
        self.fields += 1
        self.page.get_by_label(label, exact=True).select_option(choice)

    def tick(self, label: str) -> None:
        """A box, or one of several choices."""
        self.fields += 1
        self.page.get_by_label(label).check()

    def press(self, words: str) -> None:
        self._click(self.page.get_by_role("button", name=words))

    def follow(self, words: str) -> None:
        """The first link with these words."""
        self._click(self.page.get_by_role("link", name=words).first)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def words(self) -> str:
        """All that can be read on the page, on one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def address(self) -> str:
        return self.page.url.removeprefix(self.url)

    def get(self, path: str) -> bytes:
        """What a program with this person's cookies is answered, without showing it."""
        answer = self.page.request.get(path if "://" in path else f"{self.url}{path}")
        assert answer.status == 200
        JUDGE.body(urlsplit(answer.url).path, answer.headers.get("content-type", ""), answer.body())
        return answer.body()

    @contextmanager
    def awaiting(self, *statuses: int) -> Iterator[None]:
        """Pages with these statuses are what is wanted for once."""
        before, self.awaited = self.awaited, {*statuses}
        yield
        self.awaited = before

    def _click(self, found: Locator) -> None:
        self.presses += 1
        with self.page.expect_navigation():
            found.click()

    def watch(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script on {self.page.url}: {error}"))
        self.page.on("requestfailed", self._on_failure)
        self.page.on("response", self._on_response)
        self.page.context.route(lambda address: not address.startswith((self.url, "data:")), self._on_leaving)

    def _on_console(self, message: ConsoleMessage) -> None:
        is_answer = message.text.startswith(LOADED_BADLY)  # _on_response knows which were awaited
        if message.type in {"error", "warning"} and not is_answer:
            self.faults.append(f"console on {self.page.url}: {message.text}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != LEFT_BEFORE:
            self.faults.append(f"failed: {request.url} ({request.failure})")

    def _on_response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        self.pages += is_page and not 300 <= response.status < 400
        if response.status >= 400 and not (is_page and response.status in self.awaited):
            self.faults.append(f"{response.status}: {response.url}")

    def _on_leaving(self, route: Route) -> None:
        """Nobody leaves loopback: a way to another site ends on a page that says so, anything else is a fault."""
        address = route.request.url
        if route.request.is_navigation_request():
            self.left_for.append(address)
            route.fulfill(status=200, content_type="text/html", body=ELSEWHERE)
        else:
            self.faults.append(f"asked another host: {address}")
            route.abort()


@contextmanager
def window(
    browser: Browser,
    url: str,
    *,
    zone: str = "America/New_York",
    locale: str = "en-US",
    has_javascript: bool = True,
    size: tuple[int, int] = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Window]:
    """A window with cookies of its own. Whatever went wrong on its pages fails the test when it is closed."""
    width, height = size
    context = browser.new_context(
        timezone_id=zone,
        locale=locale,
        java_script_enabled=has_javascript,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",  # Chromium complains of transitions that its driver has interrupted
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE)
    opened = Window(context.new_page(), url)
    opened.watch()
    yield opened
    context.close()
    assert opened.faults == [], opened.faults
