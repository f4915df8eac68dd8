"""Forms as they come: urlencoded, full of junk, or with too much in them."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.refusals import Refused
from calls.web.forms import MOST_FIELDS, Form, parse


def test_fields_come_in_their_order() -> None:
    form = parse(b"name=Ann+Lee&days=MO&days=TU&note=")

    assert form.fields() == [("name", "Ann Lee"), ("days", "MO"), ("days", "TU"), ("note", "")]
    assert form.value("days") == "MO"
    assert form.values("days") == ["MO", "TU"]


def test_field_that_did_not_come_is_empty() -> None:
    form = parse(b"note=")

    assert (form.value("name"), form.values("name"), form.has("name")) == ("", [], False)
    assert (form.value("note"), form.values("note"), form.has("note")) == ("", [""], True)


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        (b"a=%C3%A9", "é"), ("a=é".encode(), "é"), (b"a=%ff%fe", "��"), (b"a=\xff", "�"), (b"a=%", "%"),
        (b"a=%zz", "%zz"), (b"a=%00x%1bz", "xz"), (b"a=1%0D%0A2%0D3", "1\n2\n3"), (b"a=%ED%A0%80", "���"), (b"a=b=c", "b=c"),
    ],
)  # fmt: skip
def test_junk_becomes_text_that_can_be_kept(encoded: bytes, value: str) -> None:
    assert parse(encoded).value("a") == value


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_form(encoded: bytes) -> None:
    for name, value in parse(encoded).fields():
        (name + value).encode("utf-8")


@given(st.lists(st.tuples(st.text("abcé &=+%", min_size=1), st.text("xyzü &=+%\n")), max_size=20))
def test_what_is_sent_is_what_is_read(fields: list[tuple[str, str]]) -> None:
    assert parse(urlencode(fields).encode()).fields() == fields


def test_too_many_fields_are_refused() -> None:
    parse(b"&".join([b"a=1"] * MOST_FIELDS))

    with pytest.raises(Refused) as refusal:
        parse(b"&".join([b"a=1"] * (MOST_FIELDS + 1)))

    assert refusal.value.sentence == "That form has more fields than any form here."


def test_errors_stand_beside_their_fields_and_leave_the_first_form_alone() -> None:
    form = parse(b"name=Ann")

    wrong = form.with_errors({"email": "Give an address.", "": "Look again."}).with_errors({"email": "Give a good one."})

    assert form.errors == []
    assert wrong.errors == [("email", "Give a good one."), ("", "Look again.")]
    assert (wrong.error("email"), wrong.error("name"), wrong.value("name")) == ("Give a good one.", "", "Ann")


def test_value_is_added_only_where_the_field_did_not_come() -> None:
    form = Form([("which", ""), ("name", "Ann")], {"name": "No."})

    filled = form.or_else("which", "one").or_else("call", "2026-11-24")

    assert filled.fields() == [("which", ""), ("name", "Ann"), ("call", "2026-11-24")]
    assert (filled.error("name"), form.has("call")) == ("No.", False)


def test_form_can_be_filled_in_beforehand() -> None:
    form = Form.of({"name": "Ann", "days": ["MO", "TU"], "seats": 7, "public": True, "closed": False, "note": None})

    assert form.fields() == [("name", "Ann"), ("days", "MO"), ("days", "TU"), ("seats", "7"), ("public", "yes")]
