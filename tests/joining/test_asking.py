"""What people want asked."""

from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.ground.refusals import Invalid
from calls.joining import asking, queries
from calls.joining.models import Question
from tests.builders import NOW, a_call, a_registration, a_show
from tests.registrations.people import at_once


def asked(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Question.text)))


def test_question_is_kept_and_the_next_takes_its_place(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        mine = a_registration(session, call)
        for words in (" How do I\nsleep?\x00 ", "", "  ", "And when?"):
            asking.ask(session, mine.id, call.id, words, now=NOW)

    with database.reading() as session:
        assert asked(session) == ["And when?"]
        found = queries.question_of(session, mine.id, call.id)
        assert found is not None
        assert (found.text, found.created_at) == ("And when?", NOW)


def test_question_is_kept_as_it_was_typed_but_for_what_nobody_sees(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        asking.ask(session, a_registration(session, call).id, call.id, " How do I\nsleep?\x00 ", now=NOW)

    with database.reading() as session:
        assert asked(session) == ["How do I\nsleep?"]


def test_question_that_is_too_long_is_refused(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        mine = a_registration(session, call)
        asking.ask(session, mine.id, call.id, "x" * 1000, now=NOW)

        with pytest.raises(Invalid) as refusal:
            asking.ask(session, mine.id, call.id, "x" * 1001, now=NOW)

        assert refusal.value.errors == {"question": "Ask in at most 1000 characters."}


def test_question_sent_eight_times_at_once_is_one(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        mine = a_registration(session, call)

    def ask(number: int) -> None:
        with database.transaction() as session:
            asking.ask(session, mine.id, call.id, f"Question {number}", now=NOW)

    outcomes = at_once([partial(ask, number) for number in range(8)])

    with database.reading() as session:
        assert (outcomes, len(asked(session))) == ([None] * 8, 1)


def test_only_those_who_still_come_are_asked_about(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        for state in ("confirmed", "cancelled"):
            asking.ask(session, a_registration(session, call, state=state).id, call.id, f"I am {state}.", now=NOW)

    with database.reading() as session:
        assert [question.text for question, _ in queries.asked(session, call.id)] == ["I am confirmed."]
