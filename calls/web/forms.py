"""What somebody typed: the fields of a form or of a query, and what is wrong with each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from calls.ground.refusals import Invalid, Refused
from calls.ground.text import clean

MOST_FIELDS = 1_000
URLENCODED = "application/x-www-form-urlencoded"

Typed = str | int | bool | None | Iterable[str]


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a form; of one larger than `most` bytes there is no content."""

    content: bytes | None
    most: int


class Form:
    """Names and values in the order in which they came; never changed, only made anew."""

    __slots__ = ("_errors", "_fields", "_files")

    def __init__(
        self,
        fields: Iterable[tuple[str, str]] = (),
        errors: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> None:
        self._fields = list(fields)
        self._errors = dict(errors or {})
        self._files = dict(files or {})

    @classmethod
    def of(cls, values: Mapping[str, Typed]) -> "Form":
        """A form filled in beforehand. A list gives a value each, True gives "yes", None and False give none."""
        return cls((name, one) for name, value in values.items() for one in _typed(value))

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Name and sentence of each fault; the name "" stands for the form as a whole."""
        return list(self._errors.items())

    def value(self, name: str) -> str:
        """The first value typed under a name, "" when there is none."""
        return next((value for own, value in self._fields if own == name), "")

    def values(self, name: str) -> list[str]:
        return [value for own, value in self._fields if own == name]

    def has(self, name: str) -> bool:
        return any(own == name for own, _ in self._fields)

    def error(self, name: str) -> str:
        return self._errors.get(name, "")

    def fields(self) -> list[tuple[str, str]]:
        return list(self._fields)

    def file(self, name: str) -> bytes | None:
        """The file chosen under a name, None when there is none. Refuses with Invalid one that is too large."""
        found = self._files.get(name)
        if found is None:
            return None
        if found.content is None:
            raise Invalid({name: f"That file is larger than {found.most // 1_000_000} MB. Choose a smaller one."})
        return found.content

    def or_else(self, name: str, value: str) -> "Form":
        """The form with this value where the field was not in it."""
        return self if self.has(name) else Form([*self._fields, (name, value)], self._errors, self._files)

    def with_errors(self, errors: Mapping[str, str]) -> "Form":
        return Form(self._fields, {**self._errors, **errors}, self._files)


def parse(encoded: bytes) -> Form:
    """A form from its urlencoded bytes. Junk in it becomes a replacement character, controls are taken out.

    Refuses more fields than any form of ours has.
    """
    try:
        pairs = parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as fault:
        raise Refused("That form has more fields than any form here.") from fault
    return Form((clean(name), clean(value)) for name, value in pairs)


def _typed(value: Typed) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return ["yes"]
    return [str(value)] if isinstance(value, str | int) else [str(one) for one in value]
