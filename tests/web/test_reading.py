"""A form read into a model: cleaned, or refused with a sentence a person can act on."""

from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, field_validator, model_validator

from calls.ground.refusals import Invalid
from calls.web.forms import Form
from calls.web.reading import LONG, read


class Wish(BaseModel):
    name: str = Field(title="a name", max_length=10)
    seats: int | None = Field(default=None, title="a number of seats", ge=1, le=100_000)
    note: Annotated[str, LONG] = ""
    days: list[Literal["MO", "TU"]] = Field(default=[], title="the days", max_length=2)
    is_public: bool = False
    first_day: date | None = Field(None, title="the first day")
    at: time | None = None
    call: UUID | None = None
    kind: str = Field("plain", alias="kind-of")
    email: str = ""

    @field_validator("email")
    @classmethod
    def is_good(cls, email: str) -> str:
        if email == "wrong":
            raise ValueError("Give an e-mail address, like ann@example.org.")
        return email

    @model_validator(mode="after")
    def is_whole(self) -> "Wish":
        if self.note == "contradiction":
            raise ValueError("That does not go together.")
        return self


def errors(**typed: str | list[str]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read(Wish, Form.of({"name": "Ann", **typed}))
    return refusal.value.errors


def test_full_form_is_read() -> None:
    typed = {
        "name": "Ann", "seats": "7", "note": "one\ntwo", "days": ["MO", "TU"], "is_public": "yes", "first_day": "2026-11-03",
        "at": "19:00", "call": "01931c3e-0000-7000-8000-0000000000aa", "kind-of": "big", "email": "ann@example.org",
    }  # fmt: skip

    wish = read(Wish, Form.of(typed))

    assert wish.model_dump() == {
        "name": "Ann", "seats": 7, "note": "one\ntwo", "days": ["MO", "TU"], "is_public": True, "first_day": date(2026, 11, 3),
        "at": time(19), "call": UUID("01931c3e-0000-7000-8000-0000000000aa"), "kind": "big", "email": "ann@example.org",
    }  # fmt: skip


def test_empty_fields_are_none_or_their_default() -> None:
    wish = read(Wish, Form.of({"name": "Ann", "seats": " ", "note": "", "first_day": "", "kind-of": ""}))

    assert (wish.seats, wish.note, wish.days, wish.is_public, wish.first_day, wish.kind) == (None, "", [], False, None, "plain")


def test_one_checked_value_is_a_list_of_one() -> None:
    assert read(Wish, Form.of({"name": "Ann", "days": "MO"})).days == ["MO"]


def test_text_is_cleaned_to_one_line_unless_it_is_long() -> None:
    wish = read(Wish, Form.of({"name": "  An\x00n\r\n Lee\u202e ", "note": "  one\r\ntwo\x1b  "}))

    assert (wish.name, wish.note) == ("Ann Lee", "one\ntwo")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, {"name": "Give a name."}),
        ({"name": " \x00\n\u202e "}, {"name": "Give a name."}),
        ({"name": "x" * 11}, {"name": "Give a name of at most 10 characters."}),
        ({"name": "x" * 500_000}, {"name": "Give a name of at most 10 characters."}),
        ({"seats": "many"}, {"seats": "Give a number of seats as a whole number."}),
        ({"seats": "1.5"}, {"seats": "Give a number of seats as a whole number."}),
        ({"seats": "9" * 5_000}, {"seats": "Give a number of seats as a whole number."}),
        ({"seats": "٣"}, {"seats": "Give a number of seats as a whole number."}),
        ({"seats": "0"}, {"seats": "Give a number of seats, 1 or more."}),
        ({"seats": "100001"}, {"seats": "Give a number of seats, 100000 or less."}),
        ({"days": "WE"}, {"days": "Choose the days from the list."}),
        ({"days": ["MO", "TU", "MO"]}, {"days": "Choose the days, 2 at most."}),
        ({"first_day": "tomorrow"}, {"first_day": "Give the first day as a date, like 2026-11-03."}),
        ({"first_day": "1234567890"}, {"first_day": "Give the first day as a date, like 2026-11-03."}),
        ({"first_day": "86400"}, {"first_day": "Give the first day as a date, like 2026-11-03."}),
        ({"first_day": "2026-02-30"}, {"first_day": "Give the first day as a date, like 2026-11-03."}),
        ({"first_day": "0000-00-00"}, {"first_day": "Give the first day as a date, like 2026-11-03."}),
        ({"at": "7 pm"}, {"at": "Give a time, like 19:00."}),
        ({"at": "25:00"}, {"at": "Give a time, like 19:00."}),
        ({"at": "3600"}, {"at": "Give a time, like 19:00."}),
        ({"call": "7"}, {"call": "Choose one from the list."}),
        ({"email": "wrong"}, {"email": "Give an e-mail address, like ann@example.org."}),
        ({"note": "contradiction"}, {"": "That does not go together."}),
        ({"name": "", "seats": "x"}, {"name": "Give a name.", "seats": "Give a number of seats as a whole number."}),
    ],
)
def test_wrong_field_is_answered_with_a_sentence(typed: dict[str, str | list[str]], told: dict[str, str]) -> None:
    assert errors(**typed) == told


def test_unknown_fields_are_left_alone() -> None:
    assert read(Wish, Form.of({"name": "Ann", "utm_source": "x"})).name == "Ann"
