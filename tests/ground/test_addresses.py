"""What is taken for a mail address, and how it is kept and sent."""

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.addresses import ascii_address, email_problem, is_email, mail_address


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.com",
        "a.b+tag@sub.example.co.uk",
        "o'neil@example.com",
        "ann@exämple.org",
        "ann@例え.jp",
        "ann@xn--exmple-cua.org",
        "x" * 64 + "@example.com",
    ],
)
def test_address_that_mail_can_be_sent_to_is_taken(address: str) -> None:
    assert email_problem(address) is None


LINES = "An e-mail address stands on one line."
LIKE = "Enter one e-mail address, like name@example.com."
LOCAL = "The part before the @ is not one of an e-mail address, like name@example.com."
DOMAIN = "The part after the @ is not the name of a mail domain, like example.com."
ACCENTS = "The part before the @ may hold only letters without accents, digits and signs: mail servers take no other."
TOO_LONG = "An e-mail address has at most 254 characters."


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "Enter an e-mail address."),
        ("  ", "Enter an e-mail address."),
        ("ann", LIKE),
        ("ann@b@c.com", LIKE),
        ("ann@example.com, bob@example.com", LIKE),
        ("ann@example.com\r\nBcc: x", LINES),
        ("ann@example.com\n", LINES),
        ("ann\x00@example.com", LINES),
        ("ann@example.com\u2028", LINES),
        ("@example.com", LOCAL),
        (".ann@example.com", LOCAL),
        ("a..b@example.com", LOCAL),
        ('"a b"@example.com', LOCAL),
        ("Ann <ann@example.com>", LOCAL),
        ("ann b@example.com", LOCAL),
        ("änn@example.com", ACCENTS),
        ("x" * 65 + "@example.com", "The part before the @ has at most 64 characters."),
        ("ann@localhost", DOMAIN),
        ("ann@example..com", DOMAIN),
        ("ann@example.com.", DOMAIN),
        ("ann@-example.com", DOMAIN),
        ("ann@exa_mple.com", DOMAIN),
        ("ann@127.0.0.1", DOMAIN),
        ("ann@[127.0.0.1]", DOMAIN),
        ("ann@example.com)", DOMAIN),
        ("ann@", DOMAIN),
        ("ann@" + "a" * 64 + ".com", DOMAIN),
        ("ann@" + "a." * 130 + "com", TOO_LONG),
        ("x" * 64 + "@" + "日本語日本語日本語." * 9 + "com", TOO_LONG),
    ],
)
def test_address_that_mail_cannot_be_sent_to_is_told_why(address: str, problem: str) -> None:
    assert email_problem(address) == problem


@given(st.text() | st.from_regex(r"[^@]{0,9}@[^@]{0,9}"))
def test_whatever_is_taken_goes_over_the_wire(typed: str) -> None:
    if is_email(typed):
        wire = ascii_address(typed)

        assert wire.isascii() and wire.isprintable() and " " not in wire
        assert len(wire) <= 254


def test_address_is_kept_in_one_form() -> None:
    assert mail_address("  Ann@Exa\u0308mple.ORG ") == "ann@exämple.org"


def test_domain_goes_over_the_wire_in_punycode() -> None:
    assert ascii_address("ann@exämple.org") == "ann@xn--exmple-cua.org"


@given(st.text(alphabet="abXZ019-.", min_size=1, max_size=70))
def test_plain_domain_is_what_idna_makes_of_it(domain: str) -> None:
    try:
        expected = idna.encode(domain, uts46=True, std3_rules=True).decode().lower()
    except idna.IDNAError:
        with pytest.raises(ValueError):
            ascii_address(f"ann@{domain}")
    else:
        assert ascii_address(f"ann@{domain}") == f"ann@{expected}"
