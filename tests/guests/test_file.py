"""A file of people, whatever its kind."""

import pytest

from calls.ground.refusals import Invalid
from calls.guests import file


@pytest.mark.parametrize(
    "content",
    ["Zoë".encode(), "\ufeffZoë".encode(), "Zoë".encode("utf-16"), "Zoë".encode("windows-1252")],
    ids=["utf-8", "with its mark", "utf-16", "of an old Windows"],
)
def test_bytes_are_read_as_what_they_are(content: bytes) -> None:
    assert file.decoded(content) == "Zoë"


def test_kind_is_known_by_the_beginning() -> None:
    [card], [line] = file.rows("\ufeff\n begin:vcard\nFN:Ann\nEND:VCARD"), file.rows("Name\nBEGIN:VCARD")

    assert (card.person.name, line.person.name) == ("Ann", "BEGIN:VCARD")


def test_as_many_as_are_taken_at_once() -> None:
    rows = [f"Person {number}" for number in range(5_001)]

    assert len(file.rows("\n".join(rows[:5_000]))) == 5_000
    with pytest.raises(Invalid) as refusal:
        file.rows("\n".join(rows))
    assert refusal.value.errors == {"text": "There are more than 5,000 rows. Split them into several files."}


@pytest.mark.parametrize("text", ["x" * 980_001, "ü" * 490_001, "\n" * 490_001])
def test_more_than_a_megabyte_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="A megabyte is the most"):
        file.rows(text)


@pytest.mark.parametrize("text", ["", " \n\n", ",,,\n", "Name,E-mail\n", "\0\0"])
def test_file_without_people_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="Nobody is found in it"):
        file.rows(text)
