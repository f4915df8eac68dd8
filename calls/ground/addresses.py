"""Mail addresses: what is taken for one, how it is kept, how it goes over the wire."""

import re
import unicodedata
from functools import lru_cache

import idna

_LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_LONGEST_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1
_TOO_LONG = f"An e-mail address has at most {_LONGEST_ADDRESS} characters."
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# RFC 5321 dot-string. A quoted local part is legal, is never a person's and has been a door for injection; it is refused.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
# RFC 1123 section 2.1, less the labels with dashes where Punycode has its mark (RFC 5891 section 4.2.3.1).
_PLAIN_LABEL = r"(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN_DOMAIN = re.compile(rf"{_PLAIN_LABEL}(?:\.{_PLAIN_LABEL})+")
_LONGEST_DOMAIN = 253  # RFC 1035 section 3.1, less the lengths and the root


def mail_address(text: str) -> str:
    """The address as it is kept and compared: without blanks around it, composed, in small letters."""
    return unicodedata.normalize("NFC", text.strip(" \t")).lower()


def is_email(address: str) -> bool:
    """Whether the text is one address that mail can be sent to."""
    return email_problem(address) is None


def email_problem(address: str) -> str | None:
    """What is wrong with an address, in a sentence for the person who typed it; None when mail can be sent to it."""
    if not address.strip():
        return "Enter an e-mail address."
    if _CONTROLS.search(address):
        return "An e-mail address stands on one line."
    if len(address) > _LONGEST_ADDRESS:
        return _TOO_LONG
    if address.count("@") != 1:
        return "Enter one e-mail address, like name@example.com."
    local, _, domain = address.partition("@")
    return _local_problem(local) or _domain_problem(domain) or _wire_problem(address)


def ascii_address(address: str) -> str:
    """The address as SMTP and mail headers carry it: its domain in Punycode (RFC 5891). Raises ValueError if it has none."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{_ascii_domain(domain)}"


def both_forms(address: str) -> frozenset[str]:
    """The address as it is written, and with its domain as people read it where that stands in Punycode."""
    local, _, domain = address.rpartition("@")
    try:
        return frozenset({address, f"{local}@{idna.decode(domain)}" if "xn--" in domain else address})
    except idna.IDNAError:
        return frozenset({address})


def _local_problem(local: str) -> str | None:
    if not local.isascii():
        return "The part before the @ may hold only letters without accents, digits and signs: mail servers take no other."
    if not _LOCAL_PART.fullmatch(local):
        return "The part before the @ is not one of an e-mail address, like name@example.com."
    if len(local) > _LONGEST_LOCAL_PART:
        return f"The part before the @ has at most {_LONGEST_LOCAL_PART} characters."
    return None


def _domain_problem(domain: str) -> str | None:
    sentence = "The part after the @ is not the name of a mail domain, like example.com."
    try:
        name = _ascii_domain(domain)
    except ValueError:
        return sentence
    labels = name.split(".")
    return sentence if len(labels) < 2 or "" in labels or labels[-1].isdigit() else None


def _wire_problem(address: str) -> str | None:
    """A domain grows in Punycode, and it is that form which must fit."""
    return _TOO_LONG if len(ascii_address(address)) > _LONGEST_ADDRESS else None


@lru_cache(maxsize=1024)
def _ascii_domain(domain: str) -> str:
    """The domain in Punycode. Most are plain, and spare the eight megabytes of IDNA's tables."""
    if _PLAIN_DOMAIN.fullmatch(domain) and len(domain) <= _LONGEST_DOMAIN:
        return domain.lower()
    # UnicodeError, and with it idna's own, is a ValueError.
    return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
