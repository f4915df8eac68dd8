"""What a way in may be, and how it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.refusals import Invalid
from calls.joining import rooms
from calls.joining.rooms import NOWHERE, WayIn

PHONE = "Give a phone number with its country code, like +1 555 010 0100."
CODE = "A code has digits only, and * or # where the line wants them."
LINK = "Give a whole web address that begins with https://."


@pytest.mark.parametrize(
    "way_in",
    [
        WayIn(),
        WayIn("+1 555 010 0100"),
        WayIn("+49 (0)30 / 123-456", "48213#"),
        WayIn("0800.123456", "1 2 3*4", "https://meet.example/tara?pwd=x#y", True),
        WayIn(web_link="http://127.0.0.1:8080/room"),
    ],
)
def test_way_in_that_can_be_used_is_kept(way_in: WayIn) -> None:
    assert rooms.checked(way_in) == way_in


def test_way_in_is_kept_on_one_line_without_what_nobody_sees() -> None:
    typed = WayIn(" +1 555 010 0100\n", "\t48213 ", " https://meet.example/tara\x00 ")

    assert rooms.checked(typed) == WayIn("+1 555 010 0100", "48213", "https://meet.example/tara")


@pytest.mark.parametrize(
    ("way_in", "errors"),
    [
        (WayIn("call me"), {"phone": PHONE}),
        (WayIn("+1 555"), {"phone": PHONE}),
        (WayIn("+1 555 010 0100 ext"), {"phone": PHONE}),
        (WayIn("1" * 41), {"phone": PHONE}),
        (WayIn("+1 555 010 0100", "pin"), {"code": CODE}),
        (WayIn("+1 555 010 0100", "1" * 31), {"code": CODE}),
        (WayIn("", "48213", "https://meet.example"), {"code": "A code needs the number that it is typed at."}),
        (WayIn(web_link="meet.example/tara"), {"web_link": LINK}),
        (WayIn(web_link="javascript:alert(1)"), {"web_link": LINK}),
        (WayIn(web_link="https://"), {"web_link": LINK}),
        (WayIn(web_link="https://meet.example:x/"), {"web_link": LINK}),
        (WayIn(web_link='https://meet.example/"onload='), {"web_link": LINK}),
        (WayIn(web_link="https://meet.example/" + "x" * 2000), {"web_link": LINK}),
        (WayIn("x", "y", "z"), {"phone": PHONE, "code": CODE, "web_link": LINK}),
    ],
)
def test_way_in_that_cannot_be_used_is_refused_beside_its_fields(way_in: WayIn, errors: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        rooms.checked(way_in)

    assert refusal.value.errors == errors


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=60))
def test_whatever_is_typed_is_kept_as_it_stays_or_refused(phone: str, code: str, web_link: str) -> None:
    try:
        kept = rooms.checked(WayIn(phone, code, web_link))
    except Invalid as refusal:
        assert set(refusal.errors) <= {"phone", "code", "web_link"}
        return

    assert rooms.checked(kept) == kept


@pytest.mark.parametrize(
    ("way_in", "tap", "words"),
    [
        (WayIn("+1 (555) 010-0100", "48213"), "tel:+15550100100,,48213%23", "+1 (555) 010-0100, code 48213"),
        (WayIn("+1 555 010 0100", "48 213#"), "tel:+15550100100,,48213%23", "+1 555 010 0100, code 48 213#"),
        (WayIn("+1 555 010 0100", "1*2#3"), "tel:+15550100100,,1*2%233%23", "+1 555 010 0100, code 1*2#3"),
        (WayIn("0800 123456"), "tel:0800123456", "0800 123456"),
        (NOWHERE, "tel:", ""),
    ],
)
def test_number_and_code_are_one_tap_and_one_line(way_in: WayIn, tap: str, words: str) -> None:
    assert (rooms.tap(way_in), rooms.in_words(way_in)) == (tap, words)


def test_mark_tells_what_people_would_have_to_be_told() -> None:
    marks = [
        rooms.digest(it)
        for it in (
            WayIn("1", "2", "3"), WayIn("1", "2", "3", True), WayIn("1", "2"), WayIn("1", "23"), WayIn("12", "", "3"),
        )
    ]  # fmt: skip

    assert [marks.index(it) for it in marks] == [0, 0, 2, 3, 4]


def test_way_in_without_number_and_link_is_none() -> None:
    assert [bool(it) for it in (NOWHERE, WayIn(code="1"), WayIn("1"), WayIn(web_link="x"))] == [False, False, True, True]
