"""The words of a letter are the host's; what other people typed in it stays mere words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.refusals import Invalid
from calls.messages.wording import Fact, Line, Link, Parts, Passage, as_written, check, fill, letter_parts, parse, unknown

JOIN = Link("https://calls.example/j/ab_c-d*e?x=1&y=(2)")
REL = 'rel="nofollow noopener"'
JOIN_HTML = f'href="https://calls.example/j/ab_c-d*e?x=1&amp;y=(2)" {REL}'
ZERO = "\u200b"


def letter(body: str, **facts: Fact) -> Parts:
    return letter_parts("Your call", body, facts)


def test_file_of_a_mail_is_subject_gap_and_body() -> None:
    assert parse("You are in: {call}\r\n\r\nHello {name},\r\n\r\nwelcome.\r\n") == (
        "You are in: {call}",
        "Hello {name},\n\nwelcome.\n",
    )


@pytest.mark.parametrize("source", ["", "Subject", "Subject\n\n", "\n\nBody", "Subject\nBody\n\nMore"])
def test_file_of_a_mail_without_its_parts_is_no_mail(source: str) -> None:
    with pytest.raises(ValueError, match="subject on the first line"):
        parse(source)


def test_words_are_filled_once() -> None:
    assert fill("{name} to {call}, {name}", {"name": "{call} {name}", "call": "C"}) == "{call} {name} to C, {call} {name}"


def test_placeholder_without_a_fact_stays_to_be_seen() -> None:
    assert fill("Hello {nmae} {name.__class__} {} {0}", {"name": "Ann"}) == "Hello {nmae} {name.__class__} {} {0}"


def test_unknown_placeholders_are_found_each_once() -> None:
    assert unknown("{name} {nmae} {} { name } {nmae} {name.__class__}", ["name"]) == ["nmae", "", " name ", "name.__class__"]


def test_words_that_can_be_sent_pass() -> None:
    check("You are in: {call}", "Hello {name}", ["name", "call"])


@pytest.mark.parametrize(
    ("subject", "body", "errors"),
    [
        ("{x} and {y}", "Hello", {"subject": "{x} and {y} cannot be filled in here. You can use {name} and {call}."}),
        ("Hi", "{% for %}", {"body": "{% for %} cannot be filled in here. You can use {name} and {call}."}),
        (" ", "\n", {"subject": "Write a subject.", "body": "Write a text."}),
        (
            "x" * 201,
            "y" * 20_001,
            {
                "subject": "The subject has at most 200 characters.",
                "body": "The text has at most 20,000 characters.",
            },
        ),
    ],
)
def test_words_that_cannot_be_sent_are_refused_beside_their_field(subject: str, body: str, errors: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        check(subject, body, ["name", "call"])

    assert refused.value.errors == errors


def test_letter_says_the_same_in_text_and_html() -> None:
    made = letter_parts("In: {call}", "Hello {name},\n\n**welcome** to *{call}*.\n", {"name": "Ann", "call": "Q&A\n<now>"})

    assert made == (
        "In: Q&A <now>",
        "Hello Ann,\n\nwelcome to Q&A\n<now>.\n",
        "<p>Hello Ann,</p>\n<p><strong>welcome</strong> to <em>Q&amp;A<br>\n&lt;now&gt;</em>.</p>\n",
    )


def test_subject_is_one_line_of_at_most_200_characters() -> None:
    made = letter_parts("{call}", "x", {"call": "a\r\nBcc: b " + "word " * 100})

    assert made.subject.startswith("a Bcc: b word word")
    assert made.subject.splitlines() == [made.subject]
    assert 190 < len(made.subject) <= 200


@pytest.mark.parametrize("line", ["[Join the call]({join})", "**[Join the call]({join})**"])
def test_link_on_a_line_of_its_own_is_a_button(line: str) -> None:
    made = letter(f"Hello,\n{line}\nBye", join=JOIN)

    assert made.text == f"Hello,\n\nJoin the call: {JOIN.address}\n\nBye\n"
    assert made.html == f"<p>Hello,</p>\n<p><strong><a {JOIN_HTML}>Join the call</a></strong></p>\n<p>Bye</p>\n"


def test_bare_link_on_a_line_of_its_own_is_a_button_and_a_plain_address() -> None:
    made = letter("Here:\n{join}", join=JOIN)

    shown = "https://calls.example/j/ab_c-d*e?x=1&amp;y=(2)"
    assert made.text == f"Here:\n\n{JOIN.address}\n"
    assert made.html == f"<p>Here:</p>\n<p><strong><a {JOIN_HTML}>{shown}</a></strong></p>\n"


def test_link_in_a_sentence_is_a_link_in_it() -> None:
    made = letter("See [the page]({join}) now.", join=JOIN)

    assert made.text == f"See the page: {JOIN.address} now.\n"
    assert made.html == f"<p>See <a {JOIN_HTML}>the page</a> now.</p>\n"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "/host", "https:///x", "x> <https://evil.example"]
)
def test_link_that_leads_nowhere_safe_is_mere_words(address: str) -> None:
    made = letter("{join}\n\n[x]({join})", join=Link(address))

    assert "<a" not in made.html


def test_link_cannot_break_out_of_its_place() -> None:
    made = letter("{join}", join=Link('https://calls.example/> "x" <script>\n)'))

    assert made.html.count("<a ") == 1
    assert "<script>" not in made.html


def test_telephone_link_shows_its_number() -> None:
    assert letter("[Ring in]({tap})", tap=Link("tel:+15551234,,48213#")).text == "Ring in: +15551234,,48213#\n"


def test_line_with_only_an_empty_fact_is_left_out() -> None:
    made = letter("One\n{note}\nTwo\n\n{dates}\n\nThree {note}", note="", dates=Passage(()))

    assert made.text == "One\nTwo\n\nThree \n"


def test_passage_is_lines_with_facts_of_their_own() -> None:
    lines = [Line("- [{call}]({join})", {"call": title, "join": JOIN}) for title in ("One", "[Two](https://evil.example)")]

    made = letter("Dates:\n{dates}\nBye", dates=Passage(tuple(lines)))

    assert made.text == (f"Dates:\n\n- One: {JOIN.address}\n- [Two](https:{ZERO}//evil.{ZERO}example): {JOIN.address}\n\nBye\n")
    assert made.html.count("<li>") == made.html.count("<a ") == 2


def test_plain_links_of_a_passage_stand_one_a_line_and_are_no_buttons() -> None:
    link = {"link": Link("https://calls.example/a/xyz")}
    links = [Line(f"[{word}]({{link}})", link, is_plain=True) for word in ("Yes", "No")]

    made = letter("{answers}", answers=Passage((Line("Can you come?", {}), *links)))

    assert made.text == "Can you come?\nYes: https://calls.example/a/xyz\nNo: https://calls.example/a/xyz\n"
    yes, no = (f'<a href="https://calls.example/a/xyz" {REL}>{word}</a>' for word in ("Yes", "No"))
    assert made.html == f"<p>Can you come?<br>\n{yes}<br>\n{no}</p>\n"


def test_what_a_host_wrote_keeps_its_lines_and_links() -> None:
    made = letter(
        "{way_in}", way_in=as_written("Ring +1 555, code 12#\n\nWeb: https://zoom.example/j/1_a_.\nAsk tara@example.org")
    )

    assert made.text == "Ring +1 555, code 12#\nWeb: https://zoom.example/j/1_a_.\nAsk tara@example.org\n"
    assert made.html == (
        "<p>Ring +1 555, code 12#<br>\n"
        f'Web: <a href="https://zoom.example/j/1_a_" {REL}>https://zoom.example/j/1_a_</a>.<br>\n'
        f'Ask <a href="mailto:tara@example.org" {REL}>tara@example.org</a></p>\n'
    )


def test_question_in_a_quotation_stays_in_it() -> None:
    made = letter("> {question}\n\nBye", question="One?\n\n# Two?\n- three")

    assert made.text == "> One?\n> # Two?\n> - three\n\nBye\n"
    assert made.html == "<blockquote>\n<p>One?<br>\n# Two?<br>\n- three</p>\n</blockquote>\n<p>Bye</p>\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("[x](http://evil.example)", f"[x](http:{ZERO}//evil.{ZERO}example)"),
        ("http://evil.example", f"http:{ZERO}//evil.{ZERO}example"),
        ("www.evil.example/now", f"www.{ZERO}evil.{ZERO}example/now"),
        ("http://127.0.0.1", f"http:{ZERO}//127.0.0.1"),
        ("<https://evil.example>", f"<https:{ZERO}//evil.{ZERO}example>"),
        ("# Ann", "# Ann"),
        ("- Ann_Lee_ *x* `y`", "- Ann_Lee_ *x* `y`"),
        ("1. Ann", "1. Ann"),
        ("St. Ann, 3.5 m, 7 p.m.", "St. Ann, 3.5 m, 7 p.m."),
        ("{join}", "{join}"),
        ("Ann\\*", "Ann\\*"),
        ("&lt;b&gt; &amp;", "&lt;b&gt; &amp;"),
        ("\ue0000\ue001", "\ue0000\ue001"),
        ("\u202eevil", "evil"),
    ],
)
def test_name_is_mere_words_and_stays_readable(name: str, text: str) -> None:
    made = letter("{name}", name=name, join=JOIN)

    assert made.text == f"{text}\n"
    assert "<a" not in made.html


def test_fact_in_an_address_of_the_host_is_encoded() -> None:
    made = letter("[Tell us](https://survey.example/?who={name})", name="Ann & Bob")

    assert made.text == "Tell us: https://survey.example/?who=Ann%20%26%20Bob\n"
    assert made.html == f'<p><a href="https://survey.example/?who=Ann%20%26%20Bob" {REL}>Tell us</a></p>\n'


SIGNS = [
    "[",
    "](",
    ")",
    "<",
    ">",
    "![",
    "&#106;",
    "`",
    "*",
    "_",
    "#",
    "-",
    "1.",
    '"',
    "'",
    "\\",
    "x",
    "<!--",
    "|",
    "{",
    "}",
    "{join}",
]
WORDS = ["javascript:", "http://", "www.evil.example", "<script>", "<img/src=x/onerror=1>", "\ue000", "0", "\ue001", "%EE%80%80"]
BLANKS = ["\n", "\n\n", "\r\n", " ", "    ", "\t", "\x00", "\u2028", "\u202e", "\ud800"]
HOSTILE = st.text() | st.lists(st.sampled_from(SIGNS + WORDS + BLANKS), max_size=30).map("".join)
BODY = """# {call}

Hello *{name}*, {name}

> {question}

- {name}: {call}

[Join {call}]({join})
{question}
[{name}](https://survey.example/{name})
"""


def tags(html: str) -> list[str]:
    return [tag for tag in re.findall(r"<[^>]*>", html) if tag != "<br>"]


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_fact_changes_what_a_letter_is_made_of(name: str, call: str, question: str) -> None:
    facts: dict[str, Fact] = {"name": f"n{name}", "call": f"c{call}", "question": f"q{question}", "join": JOIN}
    harmless: dict[str, Fact] = {"name": "n", "call": "c", "question": "q", "join": JOIN}

    made = letter_parts("{name}: {call}", BODY, facts)

    plain = letter_parts("{name}: {call}", BODY, harmless)
    without_survey = [tag for tag in tags(made.html) if "survey" not in tag]
    assert without_survey == [tag for tag in tags(plain.html) if "survey" not in tag]
    assert len(tags(made.html)) == len(tags(plain.html))
    assert made.subject.splitlines() == [made.subject]
    assert (made.text + made.html + made.subject).encode().decode() == made.text + made.html + made.subject


@given(HOSTILE, HOSTILE)
def test_whatever_a_host_writes_makes_a_letter(subject: str, body: str) -> None:
    made = letter_parts(subject, body, {"name": "Ann", "join": JOIN, "dates": as_written(body)})

    assert "<script" not in made.html
    assert re.findall(r'href="(?!https?://|mailto:|tel:)', made.html) == []
