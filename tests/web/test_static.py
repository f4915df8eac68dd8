"""Static files: at addresses that change with their bytes, kept for ever, nothing else of the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from calls.web.static import FOLDER, Static
from tests.web.little import Little, little


@pytest.fixture
def web() -> Iterator[Little]:
    with little() as one:
        yield one


def a_folder(tmp_path: Path) -> Path:
    for name in ("css", "js", "img"):
        (tmp_path / name).mkdir()
    for name in ("print", "reset", "tokens", "zebra", "parts"):
        (tmp_path / "css" / f"{name}.css").write_text(name)
    (tmp_path / "js" / "b.js").write_text("b()")
    (tmp_path / "js" / "a.js").write_text("a()")
    (tmp_path / "img" / "icon.svg").write_text("<svg/>")
    return tmp_path


def body(static: Static, name: str) -> bytes:
    found = static.find(static.address(name))
    assert found is not None
    return found.answer.body


def test_sheets_are_one_file_in_the_order_of_their_weight(tmp_path: Path) -> None:
    static = Static(a_folder(tmp_path))

    assert body(static, "app.css") == b"reset\ntokens\nparts\nprint\nzebra"
    assert body(static, "app.js") == b"a()\nb()"
    assert body(static, "img/icon.svg") == b"<svg/>"


def test_address_changes_with_the_bytes_and_only_then(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    first = Static(folder)
    (folder / "js" / "a.js").write_text("other()")

    second = Static(folder)

    assert first.address("app.css") == second.address("app.css")
    assert first.address("app.js") != second.address("app.js")


def test_unknown_name_is_a_fault_of_the_template(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Static(a_folder(tmp_path)).address("none.css")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("app.css", "text/css; charset=utf-8"), ("app.js", "text/javascript; charset=utf-8"), ("img/favicon.svg", "image/svg+xml")],
)
def test_file_may_be_kept_for_ever(web: Little, name: str, kind: str) -> None:
    answer = web.browser.get(web.house.static.address(name))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_file_is_not_sent_twice(web: Little) -> None:
    address = web.house.static.address("app.css")
    etag = web.browser.get(address).headers["etag"]

    answer = web.browser.get(address, headers={"if-none-match": etag})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/app.css",
        "/static/0000000000000000/app.css",
        "/static/%00",
        "/static/" + "a" * 5_000,
        "/static/../static.py",
        "/static/%2e%2e/static.py",
        "/static/0000000000000000/..%2f..%2fstatic.py",
        "/static//etc/passwd",
        "/static/",
        "/static",
    ],
)
def test_nothing_else_is_there(web: Little, path: str) -> None:
    answer = web.browser.get(path)

    assert answer.status_code in {400, 404, 414}


def test_link_out_of_the_folder_is_no_way_out(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    (folder / "secret.txt").write_text("secret")

    static = Static(folder)

    assert static.find("/static/../secret.txt") is None
    assert static.find("/static/secret.txt") is None


def test_what_every_page_needs_is_small() -> None:
    static = Static(FOLDER)

    sent = [len(static.find(static.address(name)).reply("GET", b"gzip", b"", b"")[2]) for name in ("app.css", "app.js")]  # type: ignore[union-attr]

    assert sum(sent) < 25_000
