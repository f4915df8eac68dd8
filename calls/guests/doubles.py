"""By what two rows of the bench are found to be, in all likelihood, one person."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol, TypeVar

_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "mx", "sir", "dame", "rev", "phd", "md"})
_DIGITS_THAT_TELL = 8
# Mail services that pass over dots in the first part of an address.
_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})


class Known(Protocol):
    """Somebody with a name and perhaps more; a guest is one."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str: ...


Somebody = TypeVar("Somebody", bound=Known)


def marks(somebody: Known) -> frozenset[str]:
    """By what she is known again. Two who share a mark are likely doubles."""
    phone, address = _phone(somebody.phone), _address(somebody.email or "")
    found = (name_mark(somebody), f"phone {phone}" if phone else "", f"address {address}" if address else "")
    return frozenset(it for it in found if it)


def name_mark(somebody: Known) -> str:
    """The mark of a name: its words without accents, titles and order; "Ono, Keiko" is "Dr. Keiko Ono"."""
    plain = unicodedata.normalize("NFKD", somebody.name.casefold())
    letters = "".join(it for it in plain if not unicodedata.combining(it))
    words = " ".join(sorted(word for word in re.findall(r"\w+", letters) if word not in _TITLES))
    return f"name {words}" if words else ""


def like(somebody: Known, others: Iterable[Somebody]) -> list[tuple[Somebody, str]]:
    """The others who may be the same person, each with what they share, in words."""
    own = marks(somebody)
    return [(it, shared(own & marks(it))) for it in others if own & marks(it)]


def shared(common: Iterable[str]) -> str:
    """What two have in common: "the same name", "the same name and phone number"."""
    kinds = {it.partition(" ")[0] for it in common}
    said = [words for kind, words in (("name", "name"), ("address", "address"), ("phone", "phone number")) if kind in kinds]
    return f"the same {' and '.join(said)}"


def groups(people: Iterable[Somebody]) -> list[tuple[list[Somebody], str]]:
    """Those who share a mark, with what they share, in the order given; who share two marks stand together once."""
    sharing: dict[str, list[Somebody]] = {}
    for somebody in people:
        for mark in sorted(marks(somebody)):
            sharing.setdefault(mark, []).append(somebody)
    found: dict[tuple[int, ...], tuple[list[Somebody], set[str]]] = {}
    for mark, group in sharing.items():
        if len(group) > 1:
            found.setdefault(tuple(id(it) for it in group), (group, set()))[1].add(mark)
    return [(group, shared(common)) for group, common in found.values()]


def _phone(phone: str) -> str:
    """The last digits of a number, which are the same with and without a country's code."""
    digits = re.sub(r"\D", "", phone)
    return digits[-_DIGITS_THAT_TELL:] if len(digits) >= _DIGITS_THAT_TELL else ""


def _address(email: str) -> str:
    local, _, domain = email.lower().rpartition("@")
    if not local:
        return ""
    own = local.partition("+")[0]
    return f"{own.replace('.', '') if domain in _WITHOUT_DOTS else own}@{domain}"
