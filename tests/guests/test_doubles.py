"""Who is found to be one person, and who is not."""

from uuid import uuid4

import pytest

from calls.guests import doubles
from calls.guests.person import Known


def known(name: str, email: str | None = None, phone: str = "") -> Known:
    return Known(uuid4(), name, email, phone)


KEIKO = known("Dr. Keiko Ōno", "keiko+talks@example.com", "+81 3 5555 0101")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (known("Ono, Keiko"), "the same name"),
        (known("keiko ono", "other@example.com"), "the same name"),
        (known("K. O.", "keiko@example.com"), "the same address"),
        (known("Office", phone="(03) 5555-0101"), "the same phone number"),
        (known("Keiko Ono", phone="03 5555 0101"), "the same name and phone number"),
    ],
)
def test_double_is_found_by_what_is_the_same(other: Known, why: str) -> None:
    assert doubles.like(KEIKO, [other]) == [(other, why)]


@pytest.mark.parametrize(
    "other", [known("Keiko Mori"), known("Dr."), known("Ono", "keiko@example.org"), known("Rosa", phone="0101"), known("☃")]
)
def test_others_are_no_doubles(other: Known) -> None:
    assert doubles.like(KEIKO, [other]) == []


def test_dots_count_for_nothing_where_the_mail_service_passes_over_them() -> None:
    assert doubles.marks(known("A", "k.ono@gmail.com")) & doubles.marks(known("B", "kono@gmail.com"))
    assert not doubles.marks(known("A", "k.ono@example.com")) & doubles.marks(known("B", "kono@example.com"))


def test_groups_stand_together_once_with_all_they_share() -> None:
    rosa, double, third = known("Rosa", phone="5555 0101"), known("rosa", phone="5555-0101"), known("ROSA")

    found = doubles.groups([rosa, known("Ann"), double, third])

    assert found == [([rosa, double, third], "the same name"), ([rosa, double], "the same phone number")]
