"""What a show's page may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground import text
from calls.ground.refusals import Invalid
from calls.shows import names


@pytest.mark.parametrize("slug", ["b", "ask-tara", "2027", "x" * 60])
def test_plain_name_is_taken(slug: str) -> None:
    names.check(slug)

    assert names.SHAPE.fullmatch(slug) is not None


@pytest.mark.parametrize(
    "slug", ["", "Ask", "-ask", "ask-", "ask tara", "ask/tara", "äsk", "x" * 61, "ask\n", "a.b", "robots.txt"]
)
def test_name_that_is_not_plain_is_refused(slug: str) -> None:
    with pytest.raises(Invalid) as refusal:
        names.check(slug)

    sentence = "Use small letters, digits and dashes, at most 60, and begin and end with a letter or digit."
    assert refusal.value.errors == {"slug": sentence}


@pytest.mark.parametrize("slug", sorted(it for it in names.RESERVED if "." not in it))
def test_name_that_the_product_answers_at_is_refused_and_never_proposed(slug: str) -> None:
    with pytest.raises(Invalid) as refusal:
        names.check(slug)

    assert refusal.value.errors == {"slug": f"The address /{slug} is kept for the product itself; choose another."}
    assert names.candidates(slug)[0] == f"{slug}-show"


@given(st.text(max_size=80))
def test_every_proposal_for_any_name_is_one_that_is_taken(name: str) -> None:
    proposals = names.candidates(text.slug(name))

    for proposal in proposals:
        names.check(proposal)
    assert len(set(proposals)) == len(proposals)
