"""What the bench takes of somebody, and what it says of the rest."""

from dataclasses import replace

import pytest

from calls.ground.refusals import Invalid
from calls.guests import person
from calls.guests.person import Person

KEIKO = Person("Keiko Ono", "keiko@example.com", "+81 3 5555", "Asia/Tokyo", "A talk", "Sleep", "Mornings", ("sleep",))


def test_person_is_kept_clean() -> None:
    typed = Person(" Keiko\n Ono\u202e", " Keiko@Example.COM ", notes=" one\r\ntwo\x00 ", tags=("Sleep, autumn", 'Sleep"', " "))

    kept = person.checked(typed)

    assert kept == Person("Keiko Ono", "keiko@example.com", notes="one\ntwo", tags=("autumn", "sleep"))


def test_name_alone_will_do() -> None:
    assert person.checked(Person("Keiko")) == Person("Keiko")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, {"name": "Give a name."}),
        ({"name": "x" * 201}, {"name": "Use at most 200 characters."}),
        ({"email": "keiko"}, {"email": "Enter one e-mail address, like name@example.com."}),
        ({"phone": "1" * 41}, {"phone": "Use at most 40 characters."}),
        ({"zone": "Mars/Base"}, {"zone": "That time zone is not known; choose one from the list."}),
        ({"met": "x" * 1001}, {"met": "Use at most 1,000 characters."}),
        ({"topics": "x" * 1001}, {"topics": "Use at most 1,000 characters."}),
        ({"notes": "x" * 20001}, {"notes": "Use at most 20,000 characters."}),
        ({"tags": ("x" * 41,)}, {"tags": "Give at most 20 tags of at most 40 characters each."}),
        ({"tags": tuple(map(str, range(21)))}, {"tags": "Give at most 20 tags of at most 40 characters each."}),
    ],
)
def test_wrong_field_is_said_beside_it(wrong: dict[str, object], said: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        person.checked(replace(KEIKO, **wrong))  # type: ignore[arg-type]

    assert refusal.value.errors == said


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        person.checked(Person("", "x", zone="y"))

    assert set(refusal.value.errors) == {"name", "email", "zone"}
