"""What the bench keeps about somebody, as it is typed or read from a file, and what of it can be taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from uuid import UUID

from calls.ground import addresses, zones
from calls.ground.refusals import Invalid
from calls.ground.text import clean, clean_line

LONGEST: Mapping[str, int] = {"name": 200, "phone": 40, "met": 1_000, "topics": 1_000, "notes": 20_000}
LONGEST_TAG = 40
MOST_TAGS = 20


@dataclass(frozen=True)
class Person:
    """Somebody whom the host might ask. An address is good to have, but not everybody on the bench has one yet.

    `met` says where the host met her: words, or a link to the post. `looked_after_by_id` is a member of the account.
    """

    name: str
    email: str = ""
    phone: str = ""
    zone: str = ""
    met: str = ""
    topics: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    contacted_on: date | None = None
    looked_after_by_id: UUID | None = None


@dataclass(frozen=True)
class Known:
    """Somebody on the bench, as far as it takes to tell her from others."""

    id: UUID
    name: str
    email: str | None
    phone: str


FIELDS = tuple(it.name for it in fields(Person))


def checked(person: Person) -> Person:
    """The person as she will be kept, or what is wrong, each beside its field."""
    taken = replace(
        person,
        name=clean_line(person.name),
        email=addresses.mail_address(person.email),
        phone=clean_line(person.phone),
        met=clean_line(person.met),
        topics=clean_line(person.topics),
        notes=clean(person.notes).strip(),
        tags=tags(person.tags),
    )
    errors = {} if taken.name else {"name": "Give a name."}
    for name, most in LONGEST.items():
        if len(getattr(taken, name)) > most:
            errors[name] = f"Use at most {most:,} characters."
    problem = addresses.email_problem(taken.email) if taken.email else None
    if problem:
        errors["email"] = problem
    if taken.zone and not zones.is_zone(taken.zone):
        errors["zone"] = "That time zone is not known; choose one from the list."
    if len(taken.tags) > MOST_TAGS or any(len(it) > LONGEST_TAG for it in taken.tags):
        errors["tags"] = f"Give at most {MOST_TAGS} tags of at most {LONGEST_TAG} characters each."
    if errors:
        raise Invalid(errors)
    return taken


def tags(typed: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept and compared: in small letters, each once, without commas and quotation marks; in order."""
    parts = (clean_line(part.translate(_NO_MARKS)).lower() for it in typed for part in it.split(","))
    return tuple(sorted({it for it in parts if it}))


_NO_MARKS = str.maketrans("", "", '"\\')


@dataclass(frozen=True)
class Row:
    """Somebody as a file describes her, unchecked; `number` is her line or card in it, from 1. `fault`: why she can't be read."""

    number: int
    person: Person
    fault: str = ""
