"""What is needed and what is welcome, what can be kept, and two who type at once."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.guests import prep
from tests.filling import SOME_ID


@dataclass
class Sent:
    """A prep as a value."""

    name: str = ""
    topic: str = ""
    phone: str = ""
    bio: str = ""
    links: list[str] = field(default_factory=list)
    please_ask: str = ""
    please_dont: str = ""
    offer: str = ""
    picture_id: UUID | None = None
    consent: str = ""


READY = Sent("Dr. Ono", "Sleep", "+81 3 1234 5678")
BLANK = prep.values(Sent())


def test_three_are_needed() -> None:
    assert prep.missing(None) == prep.missing(Sent()) == ["name as announced", "topic line", "phone for the day"]
    assert prep.missing(Sent(name="Dr. Ono")) == ["topic line", "phone for the day"]
    assert (prep.missing(READY), prep.is_ready(READY), prep.is_ready(None)) == ([], True, False)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (None, "0 of 3 needed, 7 more welcome"),
        (Sent(name="Dr. Ono", topic="Sleep", bio="Who", offer="A book", consent="no"), "2 of 3 needed, 4 more welcome"),
        (READY, "All 3 needed are there, 7 more welcome"),
        (
            Sent("O", "S", "1", "b", ["l"], "a", "d", "o", SOME_ID, "yes"),
            "All 3 needed are there, and everything else too",
        ),
    ],
)
def test_progress_is_said_in_words(sent: Sent | None, said: str) -> None:
    assert prep.progress(sent) == said


def test_typed_words_are_kept_clean_and_links_whole() -> None:
    typed = {
        "name": " Dr.\n Ono\u202e ", "bio": "One\r\n\r\nTwo \x00", "links": " ono.example.com \n\nhttps://a.example\nhttps://a.example",
    }  # fmt: skip

    assert prep.cleaned(typed) == {
        "name": "Dr. Ono",
        "bio": "One\n\nTwo",
        "links": "https://ono.example.com\nhttps://a.example",
    }


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"phone": "+81 3 1234 5678", "links": "https://a.example/x?y=1#z", "name": "Ono"}, []), ({"phone": ""}, []),
        ({"phone": "ring me"}, ["phone"]), ({"phone": "12"}, ["phone"]), ({"bio": "x" * 5_001}, ["bio"]), ({"links": ""}, []),
        ({"name": "x" * 201}, ["name"]), ({"links": "javascript:alert(1)"}, ["links"]), ({"links": "https://a"}, ["links"]),
        ({"links": "https://a.example/\"><script>"}, ["links"]), ({"links": "https://a.example\nnothing here"}, ["links"]),
        ({"links": "\n".join(f"https://a.example/{n}" for n in range(13))}, ["links"]), ({"links": "data:text/html"}, ["links"]),
        ({"links": f"https://a.example/{'x' * 500}"}, ["links"]), ({"links": "mailto:ken@a.example"}, ["links"]),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_named_by_its_field(typed: dict[str, str], wrong: list[str]) -> None:
    assert list(prep.faults(typed)) == wrong


def test_each_keeps_what_only_she_has_changed() -> None:
    seen = prep.marks(BLANK | {"bio": "Old", "topic": "Sleep"})
    stands = BLANK | {"bio": "Old", "topic": "Night"}

    merged = prep.merged(stands, {"bio": "New", "topic": "Sleep"}, seen)

    assert (merged.values, merged.clashes) == (stands | {"bio": "New"}, {})


def test_what_both_have_changed_stands_and_is_told() -> None:
    stands = BLANK | {"bio": "Theirs"}

    merged = prep.merged(stands, {"bio": "Mine"}, prep.marks(BLANK | {"bio": "Old"}))

    assert (merged.values, merged.clashes) == (stands, {"bio": "Theirs"})


def test_form_that_says_nothing_of_what_it_was_made_from_fills_only_what_is_empty() -> None:
    merged = prep.merged(BLANK | {"bio": "Theirs"}, {"bio": "Mine", "topic": "Sleep"}, "junk :: bio name:")

    assert (merged.values["topic"], merged.clashes) == ("Sleep", {"bio": "Theirs"})


def test_form_knows_again_what_it_has_sent_itself_without_an_answer() -> None:
    seen = f"{prep.marks(BLANK)} bio:{prep.mark('I stu')} bio:{prep.mark('I study')}"

    merged = prep.merged(BLANK | {"bio": "I study"}, {"bio": "I study sleep"}, seen)

    assert (merged.values["bio"], merged.clashes) == ("I study sleep", {})


def test_form_that_stays_open_does_not_overwrite_later_what_it_has_not_shown() -> None:
    seen = prep.marks(BLANK)
    stands = BLANK | {"topic": "Sleep", "bio": "Theirs"}

    after = prep.marks_after(seen, stands, BLANK | {"topic": "Sleep"})
    merged = prep.merged(stands, BLANK | {"topic": "Sleep"}, after)

    assert (merged.values, merged.clashes) == (stands, {})


WHO, FIELD = st.sampled_from(["guest", "assistant"]), st.sampled_from(["bio", "topic"])
WRITES = st.lists(st.tuples(WHO, FIELD, st.text("abc", max_size=3)))


@given(WRITES)
def test_nothing_that_somebody_typed_is_lost_without_a_word(writes: list[tuple[str, str, str]]) -> None:
    """Two forms stay open and are sent again and again: what stands is what was last kept, and whatever was not kept was told."""
    stands = dict(BLANK)
    forms = {who: (dict(BLANK), prep.marks(BLANK)) for who in ("guest", "assistant")}
    for who, name, value in writes:
        shown, seen = forms[who]
        shown[name] = value
        merged = prep.merged(stands, shown, seen)
        before = dict(stands)
        stands = merged.values
        forms[who] = (shown, prep.marks_after(seen, stands, shown))

        assert stands[name] == value or name in merged.clashes or value == ""
        assert all(before[other] == stands[other] for other in ("bio", "topic") if other != name or name in merged.clashes)
