"""Every page, with real things on it, by day and night, on a desk and on a phone: readable and usable for everybody.

axe-core looks at each page for what WCAG 2.2 AA and good practice forbid, the Nu HTML checker at its HTML and at that of all
mails. A route or a template without a sample fails, so that no new page is forgotten.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Route
from prometheus_client import CollectorRegistry

from calls.demo import outbox, running
from calls.web import guest, host, pages, public
from calls.web.host.call_deeds import DEEDS
from calls.web.operating import operating
from tests.album.samples import NO_PAGES, SAMPLES
from tests.album.sampling import Sample, Visitor
from tests.album.stage import LEADER, NEWCOMER, OWNER, Scene, set_stage
from tests.browser import DESKTOP, PHONE, Window, chromium, window
from tests.builders import NOW
from tests.conftest import need

MEMBERS: dict[Visitor, str] = {"owner": OWNER, "leader": LEADER, "newcomer": NEWCOMER}
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """
async (rules) => {
  const found = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
"""
OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


class Album:
    """The stage, a browser, and a window for each kind of visitor."""

    def __init__(self, scene: Scene, browser: Browser, windows: ExitStack) -> None:
        self.scene = scene
        self._windows: dict[Visitor, Window] = {}
        for visitor in ("anybody", *MEMBERS):
            self._windows[visitor] = windows.enter_context(window(browser, scene.served.url))
        for member, email in MEMBERS.items():  # before samples set the clock on and back
            self._sign_in(self._windows[member], email)

    def _sign_in(self, opened: Window, email: str) -> None:
        opened.go(self.scene.sign_in_path(email))
        opened.press("Sign in")
        assert opened.address() == "/host", f"{email} is not signed in: {opened.words()}"

    def open(self, sample: Sample) -> Window:
        """The page of a sample, as the visitor gets it; what was typed is sent by a real form's request."""
        shown = self._windows[sample.visitor]
        shown.faults.clear()
        path = sample.path(self.scene)
        self.scene.served.clock.set(NOW + sample.later)
        for _ in range(sample.times - 1):
            self._send(shown, sample, path)
        if sample.form:
            shown.page.route(f"{shown.url}{path}", lambda route: _post(route, sample, shown.url), times=1)
        shown.go(path, sample.status)
        assert sample.visitor == "anybody" or not shown.address().startswith("/sign-in"), f"{sample.visitor} is signed out"
        return shown

    def html(self, sample: Sample) -> str:
        """The same without a look."""
        self.scene.served.clock.set(NOW + sample.later)
        shown, path = self._windows[sample.visitor], sample.path(self.scene)
        return self._send(shown, sample, path)

    def _send(self, shown: Window, sample: Sample, path: str) -> str:
        headers = {"origin": shown.url, "content-type": "application/x-www-form-urlencoded"}
        address, form = f"{shown.url}{path}", urlencode(sample.form, doseq=True)
        asking = shown.page.request
        return (asking.post(address, data=form, headers=headers) if sample.form else asking.get(address)).text()


def _post(route: Route, sample: Sample, origin: str) -> None:
    headers = route.request.headers | {"origin": origin, "content-type": "application/x-www-form-urlencoded"}
    route.continue_(method="POST", post_data=urlencode(sample.form, doseq=True), headers=headers)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with set_stage(tmp_path_factory.mktemp("album")) as scene:
        yield scene


@pytest.fixture(scope="module")
def album(scene: Scene) -> Iterator[Album]:
    with chromium() as browser, ExitStack() as windows:
        yield Album(scene, browser, windows)


@pytest.fixture(scope="module")
def node_modules() -> Path:
    folder = os.environ.get("CALLS_TESTS_NODE_MODULES")
    return Path(need("node", folder, "CALLS_TESTS_NODE_MODULES names no folder with axe-core and vnu-jar"))


@pytest.fixture(scope="module")
def axe(node_modules: Path) -> str:
    return (node_modules / "axe-core" / "axe.min.js").read_text()


def halves() -> list[object]:
    """Two processes share the pages where there are two."""
    return [
        pytest.param(sample, id=sample.name, marks=pytest.mark.xdist_group(f"album-{number % 2}"))
        for number, sample in enumerate(SAMPLES)
    ]


@pytest.mark.parametrize("sample", halves())
def test_page_can_be_read_and_used_by_everybody(sample: Sample, album: Album, axe: str) -> None:
    shown = album.open(sample)
    page = shown.page
    page.evaluate(axe)

    by_day = looked_at(page, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    by_night = looked_at(page, OF_LOOKS)
    is_too_wide = page.evaluate(TOO_WIDE)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    faults = [*shown.faults]
    shown.faults.clear()  # said here, and not once more when the window is closed

    assert (by_day, by_night, is_too_wide, faults) == ([], [], False, [])


def looked_at(page: Page, rules: list[str]) -> list[str]:
    found: list[str] = page.evaluate(LOOK, rules)
    return found


@pytest.mark.xdist_group("album-0")
def test_every_route_that_answers_with_a_page_has_a_sample(scene: Scene) -> None:
    handlers = (
        *host.PAGES,
        *guest.PAGES,
        *public.PAGES,
        *outbox.pages(running.folder_mail(scene.served.built)),
        *operating(CollectorRegistry(), "", str),
    )
    routes = {path.replace(":str}", "}") for it in handlers if "GET" in it.http_methods for path in it.paths}

    assert routes - {it.route for it in SAMPLES} == NO_PAGES


@pytest.mark.xdist_group("album-0")
def test_every_change_of_a_call_has_a_sample(scene: Scene) -> None:
    paths = [it.path(scene) for it in SAMPLES if it.route == "/host/calls/{call_id}/{change}"]

    assert {path.rpartition("/")[2] for path in paths} == {*DEEDS}


@pytest.mark.xdist_group("album-0")
def test_html_of_every_page_and_every_mail_is_without_errors(album: Album, node_modules: Path, tmp_path: Path) -> None:
    java = need("node", shutil.which("java"), "Java is not installed")
    for number, sample in enumerate(SAMPLES):
        (tmp_path / f"{number} {sample.name}.html").write_text(album.html(sample))
    for number, mail in enumerate(mails(album.scene)):
        (tmp_path / f"mail {number}.html").write_text(mail)

    command = [
        java,
        "-jar",
        str(node_modules / "vnu-jar" / "build" / "dist" / "vnu.jar"),
        "--format",
        "json",
        "--exit-zero-always",
    ]
    said = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=True).stderr

    found = [it for it in json.loads(said)["messages"] if it["type"] == "error" or "mail" not in it["url"]]
    faults = [f"{Path(it['url']).name}: {it['message']} {it.get('extract', '')}" for it in found]
    assert faults == []


@pytest.mark.xdist_group("album-0")
def test_every_template_is_shown_by_a_sample(album: Album) -> None:
    for sample in SAMPLES:
        album.html(sample)

    folder = pages.templates_folder()
    parts = ("demo", "errors", "guest", "host", "public")
    files = {file.relative_to(folder).as_posix() for part in parts for file in (folder / part).glob("*")}
    assert files - album.scene.loader.names == set()


def mails(scene: Scene) -> list[str]:
    """The HTML of all mails that the stage has brought about."""
    found = []
    for file in running.folder_mail(scene.served.built).letters():
        message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
        part = message.get_body(("html",))
        assert part is not None
        found.append(str(part.get_content()))
    return found
