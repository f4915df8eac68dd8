"""Answers on disk: found by their address alone, within bounds, cleared for good, and of no harm where a disk fails."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from calls.web.answers import Answer, Prepared
from calls.web.shelf import Shelf
from tests.web.little import NOON, an_answer

LONG = "BEGIN:VEVENT " * 200


def put(shelf: Shelf, place: str, body: str = LONG, address: str = "", is_current: Callable[[], bool] = lambda: True) -> None:
    shelf.put(place, address or place, Prepared(an_answer(body, last_modified=NOON), "kept"), is_current)


def names(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir()) if folder.exists() else []


def test_answer_is_found_again_by_another_process(tmp_path: Path) -> None:
    answer = an_answer(LONG, last_modified=NOON).with_header("x-robots-tag", "noindex")
    short = an_answer("short", content_type="text/calendar; charset=utf-8")
    Shelf(tmp_path).put("feed:1", "/feeds/secret", Prepared(answer, "kept"), lambda: True)
    Shelf(tmp_path).put("/ask-tara", "/ask-tara", Prepared(short, "kept"), lambda: True)

    other = Shelf(tmp_path)

    assert other.find("feed:1", "/feeds/secret") == answer
    assert other.find("/ask-tara", "/ask-tara") == short


def test_answer_is_found_by_no_other_address_place_or_secret(tmp_path: Path) -> None:
    put(Shelf(tmp_path, "salt"), "feed:1", address="/feeds/secret")

    found = [
        Shelf(tmp_path, "salt").find("feed:1", "/feeds/another"),
        Shelf(tmp_path, "salt").find("feed:2", "/feeds/secret"),
        Shelf(tmp_path, "pepper").find("feed:1", "/feeds/secret"),
    ]

    assert found == [None, None, None]


def test_neither_name_nor_file_holds_the_address_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    put(Shelf(tmp_path / "feeds"), "feed:1", address="/feeds/secret")

    [file] = list((tmp_path / "feeds").iterdir())

    assert (b"secret" in file.read_bytes(), "secret" in file.name, "feed" in file.name) == (False, False, False)
    assert [oct(it.stat().st_mode & 0o777) for it in (file, tmp_path / "feeds")] == ["0o600", "0o700"]


def test_newer_answer_takes_the_place_of_the_older_whatever_its_address(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, "feed:1", "old", "/feeds/old")
    put(shelf, "feed:1", "new", "/feeds/new")

    found = shelf.find("feed:1", "/feeds/new")

    assert (found and found.body, shelf.find("feed:1", "/feeds/old"), len(names(tmp_path))) == (b"new", None, 1)


def test_answer_that_is_out_of_date_is_not_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)

    put(shelf, "feed:1", is_current=lambda: False)

    assert names(tmp_path) == []


def test_same_answer_is_not_written_again_but_counts_as_asked_for(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, "feed:1")
    [file] = list(tmp_path.iterdir())
    os.utime(file, (1, 1))
    before = file.stat()

    put(shelf, "feed:1")

    assert (file.stat().st_ino, file.stat().st_mtime > before.st_mtime) == (before.st_ino, True)


def test_forgotten_is_only_what_the_address_finds(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, "feed:1", address="/feeds/new")

    shelf.forget("feed:1", "/feeds/old")
    left = shelf.find("feed:1", "/feeds/new")
    shelf.forget("feed:1", "/feeds/new")

    assert (left is None, shelf.find("feed:1", "/feeds/new"), names(tmp_path)) == (False, None, [])


def test_place_is_cleared_but_for_one_address(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, "feed:1", address="/feeds/new")

    shelf.clear("feed:1", but="/feeds/new")
    left = shelf.find("feed:1", "/feeds/new")
    shelf.clear("feed:1")

    assert (left is None, shelf.find("feed:1", "/feeds/new")) == (False, None)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: b"",
        lambda whole: whole[:40],
        lambda whole: whole.replace(b"\n", b"", 1),
        lambda whole: b"[]\n",
        lambda whole: b'{"address": 1}\n',
        lambda whole: whole[:-3] + b"\xff\xff\xff",
        lambda whole: b"\x00" * len(whole),
    ],
)
def test_damaged_file_is_no_answer_and_is_mended_by_the_next(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, "feed:1")
    [file] = list(tmp_path.iterdir())
    file.write_bytes(damage(file.read_bytes()))

    damaged = shelf.find("feed:1", "feed:1")
    put(shelf, "feed:1")

    assert (damaged, shelf.find("feed:1", "feed:1") is None) == (None, False)


def test_longest_unasked_are_given_up_where_there_are_too_many(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most=40)
    for number in range(60):
        put(shelf, f"feed:{number}")
        for age, file in enumerate(sorted(tmp_path.iterdir(), key=lambda it: it.stat().st_mtime_ns)):
            os.utime(file, (1000 + age, 1000 + age))

    assert 36 <= len(names(tmp_path)) <= 42
    assert [shelf.find(f"feed:{number}", f"feed:{number}") is None for number in (0, 59)] == [True, False]


def test_bytes_are_bounded_too(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most_bytes=100_000)

    for number in range(60):
        shelf.put(f"feed:{number}", "it", Prepared(Answer(os.urandom(9_000), "application/x"), "kept"), lambda: True)

    size = sum(it.stat().st_size for it in tmp_path.iterdir())
    assert 70_000 <= size <= 115_000


def test_what_was_begun_and_abandoned_is_cleared_away(tmp_path: Path) -> None:
    old, new = tmp_path / "old.part", tmp_path / "new.part"
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 3600, time.time() - 3600))

    put(Shelf(tmp_path), "feed:1")

    assert (old.exists(), new.exists()) == (False, True)


def test_folder_that_cannot_be_written_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("no folder")
    shelf = Shelf(tmp_path / "file" / "feeds")

    for _ in range(3):
        put(shelf, "feed:1")

    assert [it.getMessage() for it in caplog.records] == ["the last good feeds cannot be kept on disk: Not a directory"]
    assert shelf.find("feed:1", "feed:1") is None


def test_without_a_folder_nothing_is_kept() -> None:
    shelf = Shelf()

    put(shelf, "feed:1")
    shelf.forget("feed:1", "feed:1")
    shelf.clear("feed:1")

    assert shelf.find("feed:1", "feed:1") is None


def test_many_threads_and_processes_leave_whole_files(tmp_path: Path) -> None:
    shelves = [Shelf(tmp_path, most=30) for _ in range(4)]
    bodies = {f"{number} {LONG}" for number in range(8)}
    seen: set[str] = set()

    def work(shelf: Shelf, number: int) -> None:
        for turn in range(60):
            put(shelf, f"feed:{turn % 20}", f"{number} {LONG}", "it")
            found = shelf.find(f"feed:{turn % 7}", "it")
            seen.update({found.body.decode()} if found else ())
            shelf.clear(f"feed:{turn % 5}")

    threads = [Thread(target=work, args=(shelves[number % 4], number)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen <= bodies
    assert [it for it in names(tmp_path) if it.endswith(".part")] == []
