"""A form read into a checked value, or refused with a sentence for each field that is wrong."""

import re
from collections.abc import Mapping
from datetime import date, time
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from calls.ground.refusals import Invalid
from calls.ground.text import clean, clean_line
from calls.web.forms import Form

Model = TypeVar("Model", bound=BaseModel)

LONG: Final = "a text of more than one line"
# pydantic would take a bare number for a moment counted from 1970.
SPELLINGS: dict[Any, re.Pattern[str]] = {
    date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    time: re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
}
EXAMPLES: dict[Any, str] = {date: "a date, like 2026-11-03", time: "a time, like 19:00"}


def read(model: type[Model], form: Form) -> Model:
    """The form as this model, or Invalid with one sentence for each field.

    Text is cleaned and stripped; a field left empty is None where it may be, and else its default.
    """
    typed: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for own_name, field in model.model_fields.items():
        name = field.alias or own_name
        value = _typed(field, name, form)
        if value is not None or _takes(field, NoneType):
            typed[name] = value
        if isinstance(value, str) and not _is_well_spelt(field, value):
            errors[name] = _with_title(field, f"Give {{title}} as {_example(field)}.", f"Give {_example(field)}.")
    try:
        checked = model.model_validate(typed)
    except ValidationError as refusal:
        raise Invalid({**_sentences(model, refusal), **errors}) from refusal
    if errors:
        raise Invalid(errors)
    return checked


def _typed(field: FieldInfo, name: str, form: Form) -> Any:
    """What was typed for a field; None for nothing."""
    if _takes(field, list) or _takes(field, tuple):
        return [line for value in form.values(name) if (line := clean_line(value))]
    if _takes(field, bool):
        return bool(form.value(name))
    is_long = LONG in field.metadata
    text = form.value(name)
    return (clean(text).strip() if is_long else clean_line(text)) or None


def _kinds(annotation: Any) -> list[Any]:
    """The plain types that an annotation is made of: list of `list[str]`, int and NoneType of `int | None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kinds(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        return [kind for part in get_args(annotation) for kind in _kinds(part)]
    return [origin or annotation]


def _takes(field: FieldInfo, kind: type) -> bool:
    return kind in _kinds(field.annotation)


def _is_well_spelt(field: FieldInfo, value: str) -> bool:
    patterns = [SPELLINGS[kind] for kind in _kinds(field.annotation) if kind in SPELLINGS]
    return not patterns or any(pattern.fullmatch(value) for pattern in patterns)


def _example(field: FieldInfo) -> str:
    return next((EXAMPLES[kind] for kind in _kinds(field.annotation) if kind in EXAMPLES), "")


def _sentences(model: type[BaseModel], refusal: ValidationError) -> dict[str, str]:
    """One sentence a field, the first fault of each."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    sentences: dict[str, str] = {}
    for error in refusal.errors(include_url=False, include_input=False):
        name = str(error["loc"][0]) if error["loc"] else ""
        sentences.setdefault(name, _sentence(error, fields.get(name)))
    return sentences


def _sentence(error: ErrorDetails, field: FieldInfo | None) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    kind = error["type"]
    if kind == "value_error":
        return str(context["error"])
    if kind in PLAIN:
        with_title, without = PLAIN[kind]
        return _with_title(field, with_title, without).format(**context)
    for start, with_title, without in FAMILIES:
        if kind.startswith(start):
            return _with_title(field, with_title, without)
    return "This cannot be taken as it is."


def _with_title(field: FieldInfo | None, with_title: str, without: str) -> str:
    title = field.title if field is not None else None
    return with_title.replace("{title}", title) if title else without


PLAIN: dict[str, tuple[str, str]] = {
    "missing": ("Give {title}.", "Fill this in."),
    "string_too_long": ("Give {title} of at most {max_length} characters.", "Use at most {max_length} characters."),
    "string_too_short": ("Give {title} of at least {min_length} characters.", "Use at least {min_length} characters."),
    "greater_than_equal": ("Give {title}, {ge} or more.", "Give {ge} or more."),
    "greater_than": ("Give {title}, more than {gt}.", "Give more than {gt}."),
    "less_than_equal": ("Give {title}, {le} or less.", "Give {le} or less."),
    "less_than": ("Give {title}, less than {lt}.", "Give less than {lt}."),
    "too_short": ("Choose {title}, {min_length} or more.", "Choose {min_length} or more."),
    "too_long": ("Choose {title}, {max_length} at most.", "Choose {max_length} at most."),
    "literal_error": ("Choose {title} from the list.", "Choose one from the list."),
    "enum": ("Choose {title} from the list.", "Choose one from the list."),
    "string_pattern_mismatch": ("Look at {title} again: it cannot be taken as it is.", "This cannot be taken as it is."),
}
FAMILIES: tuple[tuple[str, str, str], ...] = (
    ("int_", "Give {title} as a whole number.", "Give a whole number."),
    ("float_", "Give {title} as a number.", "Give a number."),
    ("decimal_", "Give {title} as a number.", "Give a number."),
    ("date_", f"Give {{title}} as {EXAMPLES[date]}.", f"Give {EXAMPLES[date]}."),
    ("time_", f"Give {{title}} as {EXAMPLES[time]}.", f"Give {EXAMPLES[time]}."),
    ("uuid_", "Choose {title} from the list.", "Choose one from the list."),
)
