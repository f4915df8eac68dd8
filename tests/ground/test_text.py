"""Text that people typed is clean, short, counted and inert in sheets."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.text import clean, clean_line, count, csv_cell, excerpt, in_words, slug


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("one\u2028two\u2029three\x85four", "one\ntwo\nthree\nfour"),
        ("a\x00b\x08c\x0bd\x0ce\x1cf\x7fg\x80h\x9fi", "abcdefghi"),
        ("\ufeffTara\ud800", "Tara"),
        ("a\tb", "a\tb"),
        ("Ünï 日本 👩‍🚀", "Ünï 日本 👩‍🚀"),
    ],
)
def test_clean_text_keeps_lines_and_letters_and_drops_controls(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Tara\t\n Stone ", "Tara Stone"),
        ("Tara\r\nBcc: all@example.com", "Tara Bcc: all@example.com"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("\n\t ", ""),
    ],
)
def test_clean_line_is_one_line_that_turns_nothing_round(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@given(st.text())
def test_clean_line_is_encodable_and_stays_as_it_is(typed: str) -> None:
    line = clean_line(typed)

    assert line.encode().decode() == line
    assert line.splitlines() == [line] * bool(line)
    assert clean_line(line) == line


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [
        ("short", 10, "short"),
        ("hello world this is it", 18, "hello world this…"),
        ("hello world, again", 14, "hello world…"),
        ("abcdefghijkl", 6, "abcde…"),
        ("one\ntwo", 10, "one two"),
    ],
)
def test_excerpt_ends_between_words(text: str, length: int, shown: str) -> None:
    assert excerpt(text, length) == shown


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_excerpt_is_never_too_long(text: str, length: int) -> None:
    assert len(excerpt(text, length)) <= length


@pytest.mark.parametrize(("things", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_list_is_said_in_words(things: list[str], said: str) -> None:
    assert in_words(things) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 seats"), (1, "one seat"), (3, "3 seats"), (1200, "1,200 seats")])
def test_count_says_how_many(number: int, said: str) -> None:
    assert count(number, "one seat", "{n} seats") == said


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Ask Tara", "ask-tara"),
        ("Tara’s Ask – Ünï ßtraße", "taras-ask-uni-sstrasse"),
        ("Łódź & Ærø", "lodz-aero"),
        ("日本", "show"),
        ("../../etc", "etc"),
        ("a" * 59 + " bcd", "a" * 59),
        ("", "show"),
    ],
)
def test_slug_is_plain_latin(name: str, address: str) -> None:
    assert slug(name) == address


@given(st.text())
def test_slug_fits_an_address(name: str) -> None:
    made = slug(name)

    assert 1 <= len(made) <= 60
    assert made.strip("abcdefghijklmnopqrstuvwxyz0123456789-") == ""
    assert not made.startswith("-") and not made.endswith("-") and "--" not in made


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1 555", "'+1 555"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\n=1"),
        ("\x00=1", "'=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("Tara = host", "Tara = host"),
        (-5, "-5"),
        (None, ""),
    ],
)
def test_cell_of_a_sheet_is_never_a_formula(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


@given(st.text())
def test_cell_of_a_sheet_comes_back_from_a_file(typed: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([csv_cell(typed), "next"])

    rows = list(csv.reader(io.StringIO(file.getvalue(), newline="")))

    assert rows == [[csv_cell(typed), "next"]]
