"""The one table of mails: each has its words, every placeholder in them is known and can be filled, and so can its meaning."""

import re

import pytest

from calls.messages import mails, placeholders, wording
from calls.messages.mails import MAILS, NEWS, NEWS_MAILS
from tests.studio import DESK

NAMES = sorted(MAILS)


@pytest.mark.parametrize("name", NAMES)
def test_words_of_each_mail_hold_placeholders_that_it_has(name: str) -> None:
    subject, body = DESK.standard_words(name)

    assert wording.unknown(f"{subject}\n{body}", MAILS[name].placeholders) == []
    wording.check(subject, body, MAILS[name].placeholders)


@pytest.mark.parametrize("name", [it for it in NAMES if MAILS[it].is_editable])
def test_placeholders_of_each_mail_are_explained_to_the_host_who_may_edit_it(name: str) -> None:
    assert set(MAILS[name].placeholders) - placeholders.MEANINGS.keys() == set()


def test_every_file_of_words_is_a_mail() -> None:
    assert DESK.templates.loader is not None
    files = [it for it in DESK.templates.loader.list_templates() if it.startswith("mails/")]

    assert sorted(re.sub(r"mails/(.*)\.md", r"\1", it) for it in files) == NAMES


def test_mails_of_news_are_mails() -> None:
    assert [it for it in NEWS_MAILS if it not in MAILS] == []


@pytest.mark.parametrize(
    ("kind", "silences", "reaches"),
    [
        ("reminder", frozenset(), True),
        ("reminder", frozenset({"reminders"}), False),
        ("reminder", frozenset({"all"}), False),
        (NEWS, frozenset({"reminders"}), True),
        (NEWS, frozenset({"all"}), False),
        ("call_invited", frozenset({"all"}), False),
        ("registration_removed", frozenset({"all"}), False),
        ("registration_confirmed", frozenset({"all", "reminders"}), True),
        ("your_links", frozenset({"all", "reminders"}), True),
        ("sign_in", frozenset({"all", "reminders"}), True),
    ],
)
def test_silence_stills_what_it_names_and_no_answer_to_a_wish(kind: str, silences: frozenset[str], reaches: bool) -> None:
    assert mails.may_reach(kind, silences) == reaches


@pytest.mark.parametrize("name", [*NEWS_MAILS, "call_invited", "call_added", "registration_confirmed", "registration_removed"])
def test_mails_about_one_call_carry_its_entry(name: str) -> None:
    assert MAILS[name].has_calendar
