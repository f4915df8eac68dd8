"""Single values: how they are cleaned, escaped and folded."""

from datetime import datetime

import pytest

from calls.calendars.properties import folded, moment, parameter, text, uri, without_addresses
from tests.calendars.lines import unescaped


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("a, b; c: d", r"a\, b\; c: d"),
        ("C:\\New", r"C:\\New"),
        ("one\r\ntwo\rthree\u2028four", r"one\ntwo\nthree\nfour"),
        ("\x00a\x07\x1b[0m\x7f\ufeff\ud800", "a[0m"),
        ("😀\t字", "😀\t字"),
    ],
)
def test_text_is_cleaned_and_escaped(typed: str, written: str) -> None:
    assert text(typed).to_ical().decode() == written


def test_line_of_75_octets_is_not_folded_and_one_of_76_is() -> None:
    assert folded("X" * 75) == b"X" * 75 + b"\r\n"
    assert folded("X" * 76) == b"X" * 75 + b"\r\n X\r\n"
    assert folded("X" * 150) == b"X" * 75 + b"\r\n " + b"X" * 74 + b"\r\n X\r\n"


@pytest.mark.parametrize("whole", ["\\\\", "\\n", "\\,", "^n", "^'", "字", "😀"])
@pytest.mark.parametrize("before", range(70, 76))
def test_fold_cuts_neither_an_escape_nor_a_character(whole: str, before: int) -> None:
    pieces = folded("X" * before + whole + "n").removesuffix(b"\r\n").split(b"\r\n ")

    assert [whole in piece.decode() for piece in pieces].count(True) == 1
    assert max(len(piece) for piece in pieces) <= 75


def test_fold_takes_an_escape_after_a_caret_for_an_escape() -> None:
    assert folded("X" * 73 + "^" + "\\n") == b"X" * 73 + b"^\r\n \\n\r\n"


def test_uri_stays_on_its_line_and_in_ascii() -> None:
    written = uri("https://x.example/a b\r\nX:1?q=%20&r=<字>\x00")

    assert written.to_ical() == b"https://x.example/a%20b%20X:1?q=%20&r=%3C%E5%AD%97%3E"


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        moment(datetime(2026, 10, 14, 16, 0))  # noqa: DTZ001


def test_parameter_has_no_backslash_that_a_reader_could_take_for_an_escape() -> None:
    assert parameter(" Ben\n\\ Ōno \x00") == "Ben / Ōno"


def test_addresses_are_spelled_out_in_no_time() -> None:
    assert without_addresses("a@b.example@c.example @d.example e@f") == "a at b.example at c.example @d.example e@f"
    assert without_addresses("@" * 20_000 + "a." * 20_000) == "@" * 20_000 + "a." * 20_000


def test_unescaping_is_the_mirror_of_escaping() -> None:
    typed = "C:\\new\\\\, \\; \n\\N"

    assert unescaped(text(typed).to_ical().decode()) == typed
