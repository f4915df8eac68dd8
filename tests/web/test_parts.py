"""The components: a field is wired to its label, hint and error by itself, and nothing that people wrote becomes markup."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from calls.web.forms import Form
from calls.web.words import FILTERS

TEMPLATES = Path(__file__).parents[2] / "templates"
Element = tuple[str, dict[str, str | None]]


class Elements(HTMLParser):
    """Every element of a piece of HTML with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]

    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.found if "id" in attributes]


def drawn(file: str, deed: str, **facts: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(FILTERS)
    macro = deed.partition("(")[0]
    source = f'{{% from "parts/{file}.html" import {macro} %}}{{{{ {deed} }}}}'
    return environment.from_string(source).render(**facts)


def test_a_field_names_its_hint_and_its_error() -> None:
    form = Form.of({"email": "ana@@"}).with_errors({"email": "That has two @ signs."})

    elements = Elements(drawn("field", 'field(form, "email", "E-mail", hint="For the way in.", type="email")', form=form))

    typed = elements.of("input")[0]
    assert elements.of("label") == [{"for": "email"}]
    assert typed["aria-describedby"] == "email-hint email-error"
    assert typed["aria-invalid"] == "true"
    assert typed["value"] == "ana@@"
    assert elements.ids() == ["email-hint", "email-error", "email"]


def test_a_field_without_fault_says_nothing_of_one() -> None:
    elements = Elements(drawn("field", 'field(form, "name", "Your name", required=true)', form=Form()))

    assert elements.of("input") == [{"type": "text", "value": "", "id": "name", "name": "name", "dir": "auto", "required": None}]
    assert elements.ids() == ["name"]


def test_a_field_that_may_stay_empty_says_so() -> None:
    html = drawn("field", 'field(form, "question", "A question", type="textarea")', form=Form.of({"question": "</textarea><b>"}))

    assert html.count("(optional)") == 1
    assert Elements(html).of("b") == []


def test_radios_keep_the_choice_and_the_first_is_where_the_error_leads() -> None:
    form = Form.of({"which": "all"}).with_errors({"which": "Choose."})

    elements = Elements(drawn("field", 'field(form, "which", "Which?", type="radios", options=pairs)', form=form, pairs=PAIRS))

    assert [(box["id"], "checked" in box) for box in elements.of("input")] == [("which", False), ("which-2", True)]
    assert elements.of("fieldset") == [{"role": "radiogroup", "aria-invalid": "true", "aria-describedby": "which-error"}]


def test_a_group_of_boxes_keeps_all_that_were_ticked() -> None:
    form = Form.of({"days": ["one", "all"]})

    elements = Elements(drawn("field", 'field(form, "days", "Days", type="checkboxes", options=pairs)', form=form, pairs=PAIRS))

    assert ["checked" in box for box in elements.of("input")] == [True, True]


def test_a_zone_is_preset_to_the_reader_only_while_the_form_is_fresh() -> None:
    field = 'field(form, "zone", "Zone", type="select", options=pairs, reader_zone=true)'

    fresh = Elements(drawn("field", field, form=Form.of({"zone": "all"}), pairs=PAIRS))
    tried = Elements(drawn("field", field, form=Form().with_errors({"name": "Write it."}), pairs=PAIRS))

    assert ["data-zone" in one.of("select")[0] for one in (fresh, tried)] == [True, False]
    assert ["selected" in option for option in fresh.of("option")] == [False, True]


def test_the_summary_leads_to_each_field_and_takes_the_focus() -> None:
    form = Form().with_errors({"name": "Write your name.", "": "The show is over."})

    elements = Elements(drawn("errors", "errors(form)", form=form))

    assert [link["href"] for link in elements.of("a")] == ["#name"]
    assert len(elements.of("li")) == 2
    assert "autofocus" in elements.of("div")[0]


def test_a_form_without_errors_has_no_summary() -> None:
    assert drawn("errors", "errors(form)", form=Form()).strip() == ""


def test_a_deed_is_a_form_with_one_button() -> None:
    elements = Elements(drawn("button", 'deed("/calls/7/seat", "Remove", about=name, facts={"to": "9"})', name="<i>Ana"))

    assert [tag for tag, _ in elements.found] == ["form", "input", "button", "span"]
    assert elements.of("form") == [{"class": "deed", "method": "post", "action": "/calls/7/seat"}]


def test_a_state_is_a_word_with_its_tone() -> None:
    tones = [Elements(drawn("status", "status(word)", word=word)).of("span")[0]["class"] for word in ("live", "full", "skipped")]

    assert tones == ["status tone-good", "status tone-warn", "status tone-quiet"]


def test_a_moment_carries_itself_and_its_zone_for_the_reader() -> None:
    starts_at = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)

    elements = Elements(drawn("dates", 'when(starts_at, "America/New_York", 60)', starts_at=starts_at))

    assert elements.of("time") == [{"datetime": "2026-11-25T00:00:00Z", "data-local": "America/New_York"}]


PAIRS = [("one", "This call"), ("all", "All calls")]
