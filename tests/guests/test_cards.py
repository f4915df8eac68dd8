"""Address cards as programs export them, and as nobody should."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.guests import cards
from calls.guests.person import Person, Row

OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Brandt;J=C3=BCrgen;;Dr.;
TEL;HOME;VOICE:+49 30 1
TEL;PREF;CELL:+49 170 2
EMAIL;INTERNET:juergen@example.org
NOTE;ENCODING=QUOTED-PRINTABLE:Met in =
Lisbon=0AAnswers late
PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQSkZJRg
 ABAQ

END:VCARD
"""
USUAL = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//macOS 15//EN
N:Ono;Keiko;;Dr.;
FN:Dr. Keiko Ono
ORG:University of Osaka;Sleep
TITLE:Professor
item1.EMAIL;type=INTERNET;type=WORK:office@example.jp
item2.EMAIL;type=INTERNET;type=HOME;type=pref:keiko@exam
 ple.jp
item2.X-ABLabel:_$!<Home>!$_
TEL;type=CELL;type=VOICE;type=pref:+81 3 5555 0101
CATEGORIES:sleep,night\\, shift
NOTE:Spoke at "Sleep"\\nAsk in the morning
END:VCARD
"""
NEW = """begin:vcard
version:4.0
fn:Ann O\\'Lee
email;pref=2:second@example.com
email;pref=1:mailto:first@example.com
tel;value=uri;type="voice,home":tel:+1-555-010-0100
tz:America/New_York
url:https://ann.example
end:vcard
"""


def read(text: str) -> list[Row]:
    return list(cards.read(text))


def test_card_of_version_2_1() -> None:
    notes = "Also: +49 30 1\nMet in Lisbon\nAnswers late"

    [row] = read(OLD)

    assert row == Row(1, Person("Dr. Jürgen Brandt", "juergen@example.org", "+49 170 2", notes=notes))


def test_card_of_version_3_0() -> None:
    notes = 'Professor, University of Osaka, Sleep\nAlso: office@example.jp\nSpoke at "Sleep"\nAsk in the morning'

    [row] = read(USUAL)

    expected = Person("Dr. Keiko Ono", "keiko@example.jp", "+81 3 5555 0101", notes=notes, tags=("sleep", "night, shift"))
    assert row == Row(1, expected)


def test_card_of_version_4_0() -> None:
    notes = "Also: second@example.com\nhttps://ann.example"

    [row] = read(NEW)

    expected = Person("Ann O\\'Lee", "first@example.com", "+1-555-010-0100", "America/New_York", notes=notes)
    assert row == Row(1, expected)


def test_many_cards_are_numbered() -> None:
    assert [(it.number, it.person.name) for it in read(OLD + "\n" + USUAL + NEW)] == [
        (1, "Dr. Jürgen Brandt"),
        (2, "Dr. Keiko Ono"),
        (3, "Ann O\\'Lee"),
    ]


def test_card_without_an_end_is_a_fault_and_the_next_is_read() -> None:
    found = read("BEGIN:VCARD\nFN:Half\n" + NEW + "BEGIN:VCARD\nFN:Last")

    assert [(it.person.name, it.fault) for it in found] == [
        ("Half", "The card has no end."),
        ("Ann O\\'Lee", ""),
        ("Last", "The card has no end."),
    ]


def test_lines_that_cannot_be_read_are_passed_over() -> None:
    [row] = read('BEGIN:VCARD\nFN\nEMAIL;TYPE="x:a@b.c\n;;;\nFN;X==:\nFN:Ann\nTZ:-05:00\nEND:VCARD')

    assert row == Row(1, Person("Ann"))


def test_character_set_that_is_not_of_letters_is_never_looked_up() -> None:
    [row] = read("BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=zip:J=C3=BC\nEND:VCARD")
    [latin] = read("BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=FC\nEND:VCARD")

    assert [row.person.name, latin.person.name] == ["Jü", "Jü"]


@pytest.mark.parametrize(
    "inside",
    [
        "BEGIN:VCARD\n" * 80_000,
        ("NOTE;" + "A=b;" * 4_900 + "C=d:x\n") * 49,
        "NOTE:x\n" + " y\n" * 300_000,
        "EMAIL;PREF=1:a@b\n" * 58_000,
        "NOTE;QUOTED-PRINTABLE:" + "=\n" * 480_000,
        ("CATEGORIES:" + "a," * 9_000 + "\n") * 52,
        ("NOTE:" + "\\" * 19_000 + "\n") * 50,
        ("N:" + ";" * 19_000 + "\n") * 50,
        ('NOTE;A="' + '"",' * 6_000 + "\n") * 50,
    ],
)
def test_hostile_card_takes_no_hours(inside: str) -> None:
    began = time.perf_counter()

    for _ in cards.read(f"BEGIN:VCARD\n{inside}END:VCARD\n"):
        pass

    assert time.perf_counter() - began < 10


@given(st.text(st.sampled_from("BEGINVCARD:;=,\\\"\n\t NFQOTEML.ü0")))
def test_no_text_breaks_the_reader(text: str) -> None:
    for row in cards.read("BEGIN:VCARD\n" + text + "\nEND:VCARD\n" + text):
        assert isinstance(row.person.name, str)
