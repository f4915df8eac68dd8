"""The four ways to say no."""

import pickle

import pytest

from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refusal, Refused


@pytest.mark.parametrize("kind", [NotFound, NotAllowed, Refused, Invalid])
def test_each_refusal_is_caught_as_one(kind: type[Refusal]) -> None:
    assert issubclass(kind, Refusal)


def test_refused_says_its_sentence() -> None:
    refusal = Refused("This call is over.")

    assert (refusal.sentence, str(refusal)) == ("This call is over.", "This call is over.")


def test_not_found_sounds_alike_for_everything() -> None:
    assert NotFound().sentence == NotFound().sentence == "There is nothing here."


def test_not_allowed_has_a_sentence_of_its_own() -> None:
    assert NotAllowed().sentence == "You may not do that."


def test_invalid_keeps_a_sentence_for_each_field_and_joins_them() -> None:
    refusal = Invalid({"name": "Give a name.", "zone": "Choose a zone."})

    assert refusal.errors == {"name": "Give a name.", "zone": "Choose a zone."}
    assert refusal.sentence == "Give a name. Choose a zone."


def test_invalid_does_not_change_with_the_form_it_was_made_of() -> None:
    errors = {"name": "Give a name."}
    refusal = Invalid(errors)

    errors["zone"] = "Choose a zone."

    assert refusal.errors == {"name": "Give a name."}


def test_invalid_survives_the_way_between_processes() -> None:
    refusal = pickle.loads(pickle.dumps(Invalid({"name": "Give a name."})))  # noqa: S301 (our own bytes)

    assert refusal.errors == {"name": "Give a name."}
