"""Whatever comes in is read in little time, stops nothing, and changes nothing."""

import time

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.inbound import reading, taking
from calls.inbound.reading import OTHER, Mail, read
from calls.messages.models import Received
from calls.migrations.tables import METADATA
from tests.builders import NOW, a_call, a_registration, a_show
from tests.inbound import mails
from tests.inbound.answering import KeptAnswers
from tests.inbound.hostile import HOSTILE
from tests.inbound.mails import AUTHSERV

LONGEST = 5.0  # seconds for one mail, on a machine that is busy with other tests
WHOLE = [mails.exchange(), mails.google(), mails.outlook_counter(), mails.bounced("a@b.example")]


def taken(raw: bytes) -> Mail:
    return read(raw, authserv=AUTHSERV, now=NOW)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_mail_is_read_in_little_time(name: str) -> None:
    began = time.monotonic()

    mail = taken(HOSTILE[name])

    assert time.monotonic() - began < LONGEST
    assert len(mail.answers) <= 20
    assert "\0" not in mail.sender + mail.subject + "".join(it.uid + it.comment for it in mail.answers)


def test_hostile_mailbox_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)
        a_registration(session, a_call(session, show))
    with database.reading() as session:
        before = rows(session)
    answering = KeptAnswers()

    for raw in [*HOSTILE.values(), *HOSTILE.values()]:
        with database.transaction() as session:
            taking.take(session, taken(raw), answering, now=NOW)

    with database.reading() as session:
        after = rows(session)
        received = session.scalars(sa.select(Received)).all()
    assert after == before
    assert len(received) == len(set(HOSTILE.values()))
    assert {it.became for it in received} - {answering.SAID} <= {
        "It could not be read.",
        "It holds no answer of a calendar; left alone.",
        "It is too big to be read; its headers are kept.",
        "Written by a machine, and no answer; left alone.",
        "A report about a letter that is none of ours; left alone.",
        "A report of a mail server about nothing that failed for good, or about no letter of ours; left alone.",
    }


@pytest.mark.parametrize("name", ["out of office", "our own mail", "nothing", "part of 4 MB", "mail of 6 MB", "2,000 deep"])
def test_mail_that_says_nothing_to_us_is_left_alone(name: str) -> None:
    assert taken(HOSTILE[name]).kind == OTHER


def test_answer_that_a_machine_wrote_is_an_answer() -> None:
    """A room or Google answers by a machine; what a machine writes otherwise is left alone."""
    assert taken(mails.google()).kind == reading.REPLY


def test_mail_that_is_too_big_is_known_by_its_headers() -> None:
    mail = taken(HOSTILE["mail of 6 MB"])

    assert (mail.sender, mail.subject) == (mails.ANN, "Accepted: Ask Tara")
    assert len(mail.raw) < 1000


@given(some.binary(max_size=2000))
def test_junk_is_read_as_something(raw: bytes) -> None:
    assert taken(raw).kind == OTHER


@settings(max_examples=300)
@given(
    some.sampled_from(WHOLE),
    some.lists(some.tuples(some.floats(0, 1), some.binary(max_size=40), some.integers(0, 60)), min_size=1, max_size=6),
)
def test_mail_with_junk_in_it_is_read_as_something(raw: bytes, junk: list[tuple[float, bytes, int]]) -> None:
    for place, put_in, left_out in junk:
        at = int(place * len(raw))
        raw = raw[:at] + put_in + raw[at + left_out :]

    mail = taken(raw)

    texts = [mail.sender, mail.subject, mail.about, *(it.words for it in mail.bounces)]
    texts += [text for it in mail.answers for text in (it.uid, it.comment, *it.addresses)]
    assert "\0" not in "".join(texts)
    "".join(texts).encode()  # no half of a letter, which no database takes


@given(some.text(some.characters(codec="utf-8"), max_size=300))
def test_any_text_may_stand_where_a_value_is_expected(text: str) -> None:
    line = text.replace("\n", "").replace("\r", "")

    answer = mails.reply(more=f"COMMENT:{line}\nDTSTART;TZID={line}:20261028T110000")
    mail = taken(mails.mail(answer, sender=f"{line} <{mails.ANN}>"))

    assert mail.kind in {reading.REPLY, OTHER}


def rows(session: Session) -> dict[str, int]:
    """How many rows each table has, but for the mails that came in."""
    tables = {name: table for name, table in METADATA.tables.items() if name != "received"}
    return {name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for name, table in tables.items()}
