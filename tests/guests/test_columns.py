"""Sheets of people, with and without names for their columns."""

import time
from datetime import date

import pytest

from calls.guests import columns
from calls.guests.person import Person, Row


def read(text: str) -> list[Row]:
    return list(columns.read(text))


def test_own_columns_in_any_order() -> None:
    text = 'E-mail,Name,Last contact,Tags,Notes,Met\nann@example.com,Ann,2026-11-03,"a, b","one\ntwo",Lisbon\n'

    [row] = read(text)

    expected = Person("Ann", "ann@example.com", met="Lisbon", notes="one\ntwo", tags=("a, b",), contacted_on=date(2026, 11, 3))
    assert row == Row(2, expected)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_parted_by_what_spreadsheets_part_them_by(delimiter: str) -> None:
    text = delimiter.join(["Name", "Phone", "Unknown"]) + "\r\n" + delimiter.join(["Ann", "+1 555", "x"]) + "\r\n"

    assert [(it.person.name, it.person.phone) for it in read(text)] == [("Ann", "+1 555")]


def test_address_book_of_google() -> None:
    head = "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\n"

    [row] = read(head + "Ann,Lee,friends ::: * myContacts,* Home,ann@example.com,+1 555\n")

    assert row.person == Person("Ann Lee", "ann@example.com", "+1 555", tags=("friends , ,myContacts",))


def test_without_names_of_columns_the_cells_say_what_they_are() -> None:
    found = read("Ann Lee,ann@example.com\n+49 30 123456,Bob,second@example.com,third\nCleo <cleo@example.com>\n\nDan\n")

    assert [(it.number, it.person) for it in found] == [
        (1, Person("Ann Lee", "ann@example.com", tags=("",))),
        (2, Person("Bob", "second@example.com", "+49 30 123456", notes="third", tags=("",))),
        (3, Person("Cleo", "cleo@example.com", tags=("",))),
        (5, Person("Dan", tags=("",))),
    ]


def test_apostrophe_that_guards_a_cell_is_taken_off_again() -> None:
    [row] = read("Name,Phone,Notes\nO'Neil,'+49 30 1,'tis true\n")

    assert (row.person.name, row.person.phone, row.person.notes) == ("O'Neil", "+49 30 1", "'tis true")


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "03.11.2026", "20261103"])
def test_last_contact_is_a_date_or_a_fault(day: str) -> None:
    [row] = read(f"Name,Last contact\nAnn,{day}\n")

    assert row.fault == "The last contact is not a date like 2026-11-03."


def test_quotation_mark_that_is_never_closed_is_a_fault() -> None:
    found = read("Name\nAnn\n\"Bob\n" + "x" * 200_000)

    assert [(it.number, it.fault) for it in found] == [
        (2, ""),
        (3, "This line cannot be read: a quotation mark is probably never closed."),
    ]


@pytest.mark.parametrize(
    "text", ['"' * 980_000, "," * 980_000, "<" * 980_000, " " * 120_000 + "<", "a " * 60_000, "a@b <" * 26_000, "+1 " * 43_000]
)
def test_hostile_sheet_takes_no_hours(text: str) -> None:
    began = time.perf_counter()

    list(columns.read(text))

    assert time.perf_counter() - began < 5
