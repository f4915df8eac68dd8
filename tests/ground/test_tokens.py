"""Secrets and tokens: each fits one thing, one purpose, one generation, in one spelling; junk is never an error."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.tokens import Keys, digest, id_in, secret

KEYS = Keys(b"the secret of the tests")
THING = UUID("01931c3e-0000-7000-8000-0000000000aa")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
JUNK = [
    "",
    "a",
    "a" * 47,
    "a" * 49,
    "=" * 48,
    "é" * 48,
    "\x00" * 48,
    "\ud800" * 48,
    "a" * 100_000,
    "+/" * 24,
    " " * 48,
    "a" * 47 + "\n",
]


def test_secret_has_160_bits_in_small_letters_and_digits() -> None:
    secrets = {secret() for _ in range(100)}

    assert len(secrets) == 100
    assert {len(one) for one in secrets} == {32}
    assert set("".join(secrets)) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_digest_is_sha256_in_hexadecimal() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("junk", JUNK)
def test_digest_of_junk_is_a_digest(junk: str) -> None:
    assert len(digest(junk)) == 64


def test_token_fits_what_it_was_made_for() -> None:
    token = KEYS.token("join", THING, 3)

    assert len(token) == 48
    assert id_in(token) == THING
    assert KEYS.fits(token, "join", THING, 3)


def test_token_is_the_same_each_time() -> None:
    assert KEYS.token("join", THING) == Keys(b"the secret of the tests").token("join", THING, 0)


def test_token_fits_nothing_else() -> None:
    token = KEYS.token("join", THING, 3)

    assert not KEYS.fits(token, "registration", THING, 3)
    assert not KEYS.fits(token, "join", THING, 4)
    assert not KEYS.fits(token, "join", UUID(int=THING.int + 1), 3)
    assert not Keys(b"another secret").fits(token, "join", THING, 3)


@pytest.mark.parametrize("generation", [-1, 2**63, 2**200])
def test_token_fits_no_generation_that_cannot_be(generation: int) -> None:
    assert not KEYS.fits(KEYS.token("join", THING), "join", THING, generation)


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_no_token(junk: str) -> None:
    assert not KEYS.fits(junk, "join", THING)


@pytest.mark.parametrize("junk", [junk for junk in JUNK if len(junk) != 48 or "=" in junk or not junk.isascii()])
def test_junk_names_nothing(junk: str) -> None:
    assert id_in(junk) is None


@given(st.integers(0, 47), st.sampled_from("ABCxyz019-_+/= é\n"))
def test_token_with_one_other_character_fits_nothing(place: int, other: str) -> None:
    token = KEYS.token("join", THING)
    changed = token[:place] + other + token[place + 1 :]

    assert KEYS.fits(changed, "join", THING) == (changed == token)


def test_token_has_one_spelling() -> None:
    tokens = [(number, KEYS.token("join", THING, number)) for number in range(20)]
    others = [(number, token.replace("-", "+").replace("_", "/")) for number, token in tokens]

    assert others != tokens
    assert [KEYS.fits(other, "join", THING, number) for number, other in others] == [
        other == token for (_, token), (_, other) in zip(tokens, others, strict=True)
    ]


def test_signed_value_has_one_spelling() -> None:
    signed = KEYS.sign("correct", "1234", NOON + timedelta(minutes=30))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    read = [letter for letter in letters if KEYS.read("correct", signed[:-1] + letter, NOON) is not None]

    assert len(signed) % 4 != 0
    assert read == [signed[-1]]


@given(st.text(max_size=60))
def test_whatever_is_typed_is_no_token(typed: str) -> None:
    assert not KEYS.fits(typed, "join", THING)


def test_signed_value_is_read_until_its_time() -> None:
    signed = KEYS.sign("correct", "ann@example.org, ünïcode", NOON + timedelta(minutes=30))

    assert KEYS.read("correct", signed, NOON) == "ann@example.org, ünïcode"
    assert KEYS.read("correct", signed, NOON + timedelta(minutes=30)) is None


def test_signed_value_of_another_purpose_or_secret_is_not_read() -> None:
    signed = KEYS.sign("correct", "7", NOON + timedelta(minutes=30))

    assert KEYS.read("browser", signed, NOON) is None
    assert Keys(b"another secret").read("correct", signed, NOON) is None


@given(st.integers(0, 80), st.sampled_from("ABCxyz019-_+/= é"))
def test_signed_value_with_one_other_character_is_not_read(place: int, other: str) -> None:
    signed = KEYS.sign("correct", "some value of a length", NOON + timedelta(minutes=30))
    changed = signed[:place] + other + signed[place + 1 :]

    assert KEYS.read("correct", changed, NOON) == (None if changed != signed else "some value of a length")


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_no_signed_value(junk: str) -> None:
    assert KEYS.read("correct", junk, NOON) is None


def test_link_token_is_no_signed_value() -> None:
    assert KEYS.read("join", KEYS.token("join", THING), NOON) is None
