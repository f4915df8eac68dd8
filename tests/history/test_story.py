"""The history in sentences."""

from typing import Any

import pytest

from calls.follow_ups import FOLLOW_UPS
from calls.ground.database import Database
from calls.history import queries
from calls.history.keeping import Actor, Subject, keep
from calls.history.story import PENDING, SENTENCES, sentence
from calls.pending import DEEDS
from tests.builders import NOW, a_call, a_member, a_show

MOVED = {"was": "2026-11-25T00:00:00+00:00", "to": "2026-11-26T00:00:00+00:00", "zone": "America/New_York", "minutes": 60}


def test_every_kind_of_change_has_its_sentence() -> None:
    assert SENTENCES.keys() == FOLLOW_UPS.keys()


def test_every_change_that_waits_has_its_words() -> None:
    assert PENDING.keys() == DEEDS.keys()


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("call.moved", MOVED, "Moved from Tue 24 Nov 2026, 19:00 to Wed 25 Nov 2026, 19:00, New York time."),
        (
            "call.moved",
            MOVED | {"to": MOVED["was"], "minutes": 90},
            "Set to 90 minutes, at Tue 24 Nov 2026, 19:00 New York time.",
        ),
        ("call.cancelled", {"reason": ""}, "Cancelled."),
        ("call.cancelled", {"reason": "Tara is\nill."}, "Cancelled: Tara is ill."),
        ("call.guest_changed", {"was": "", "to": "Dr. Ono"}, "Named the guest: Dr. Ono."),
        ("call.guest_changed", {"was": "Dr. Ono", "to": "Dr. Fox"}, "Changed the guest from Dr. Ono to Dr. Fox."),
        ("call.guest_changed", {"was": "Dr. Ono", "to": ""}, "Took the guest Dr. Ono off."),
        ("call.capacity_set", {"was": 100, "to": 1200}, "Changed the seats from 100 to 1,200."),
        ("show.rescheduled", {"moved": ["1"], "vanished": []}, "Changed the schedule: one call moved, 0 left out."),
        ("pending.asked", {"kind": "move"}, "Asked for moving the call, with ten minutes for Undo."),
        ("pending.undone", {"kind": "guest"}, "Took back another guest. Nobody had heard of it."),
        (
            "pending.refused",
            {"kind": "move", "why": "That time is past."},
            "Did not take effect, moving the call: That time is past.",
        ),
        ("busy_calendar.set", {"host": "calendar.example"}, "Had the busy calendar at calendar.example read."),
        ("busy_calendar.failed", {"why": "It is gone (404)."}, "Could not read the busy calendar: It is gone (404)."),
        ("guest.changed", {"what": ["tags"]}, "Changed tags."),
        ("guest.changed", {"what": ["email", "looked_after_by_id"]}, "Changed e-mail address and who looks after them."),
        ("guest.moved", {"was": 3, "to": 1}, "Moved them from turn 3 to turn 1."),
        ("guest.moved", {"was": None, "to": 2}, "Gave them turn 2."),
        ("guest.moved", {"was": 2, "to": None}, "Took them out of turn."),
        ("guest.merged", {"double": "K.\nOno"}, "Merged a double into this one: K. Ono."),
        ("words.set", {"label": "Reminder"}, "Wrote own words: Reminder."),
        ("member.renamed", {"was": "Bo", "name": "Bob"}, "Changed the name from Bo to Bob."),
        ("member.signed_in", {"browser": "Firefox on Linux"}, "Signed in with Firefox on Linux."),
    ],
)
def test_change_is_said_in_a_sentence(kind: str, facts: dict[str, Any], said: str) -> None:
    assert sentence(kind, facts) == said


def test_change_by_the_clock_rules_says_so() -> None:
    said = sentence("call.clock_moved", MOVED)

    assert said == (
        "The clock rules of New York changed. Moved from Tue 24 Nov 2026, 19:00 to Wed 25 Nov 2026, 19:00, New York time."
    )


def test_story_of_a_call_is_about_the_call_and_begins_with_the_latest(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)
        call, other = a_call(session, show), a_call(session, show, address="other", planned_day=None)
        member = a_member(session, account_id=show.account_id)
        by = Actor("member", member.id, "Tara", "owner", show.account_id)
        for kind, about in (
            ("call.moved", call),
            ("registration.confirmed", call),
            ("call.moved", other),
            ("call.restored", call),
        ):
            keep(session, kind, Subject(about.id, show.account_id, show.id, about.id), by=by, now=NOW)
    with database.reading() as session:
        told = [(it.kind, it.by_name) for it in queries.story_of_call(session, call.id)]

    assert told == [("call.restored", "Tara"), ("call.moved", "Tara")]
