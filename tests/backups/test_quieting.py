"""What the old server may have told people since the backup is not told again; what lies ahead still is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.backups import quieting
from calls.backups.quieting import MAY_HAVE_GONE, TAKEN_AS_DONE, TIME_PASSED, TO_DECIDE, Quieted
from calls.calendars.models import Entry
from calls.ground.database import Database, new_id
from calls.history.models import Change
from calls.messages import inviting, reminding
from calls.messages.models import DROPPED, FAILED, SENDING, SENT, WAITING, Message, Reminder, ReminderRound
from calls.shows.models import Call, Pending
from calls.team.models import SignIn, SignInLink
from tests.builders import NOW, a_call, a_member, a_pass, a_registration, a_show, an_attendee

Chore = Callable[[Session, datetime], bool]

SOON, BEFORE = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)


def test_quiet_drops_what_was_due_and_lets_the_rest_wait(database: Database) -> None:
    with database.transaction() as session:
        for key, state, due_at in (
            ("in flight", SENDING, BEFORE),
            ("overdue", WAITING, BEFORE),
            ("due now", WAITING, NOW),
            ("ahead", WAITING, SOON),
            ("gone", SENT, BEFORE),
        ):
            session.add(a_message(key, state=state, due_at=due_at))

    done = quiet(database)

    assert (done.in_flight, done.overdue) == (1, 2)
    with database.reading() as session:
        assert {it.key: (it.state, it.fault) for it in session.scalars(sa.select(Message))} == {
            "in flight": (FAILED, MAY_HAVE_GONE),
            "overdue": (DROPPED, TIME_PASSED),
            "due now": (DROPPED, TIME_PASSED),
            "ahead": (WAITING, None),
            "gone": (SENT, None),
        }


def test_quiet_takes_changes_as_followed_up_and_touches_no_sequence(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session), sequence=3)
        registration = a_registration(session, call)
        session.add(Entry(registration_id=registration.id, uid="1@calls.example", revised_at=BEFORE, created_at=BEFORE))
        session.add(a_change("open", None))
        session.add(a_change("done", BEFORE))

    done = quiet(database)

    assert done.changes == 1
    with database.reading() as session:
        changes = {it.kind: (it.followed_up_at, it.fault) for it in session.scalars(sa.select(Change))}
        assert changes == {"open": (NOW, TAKEN_AS_DONE), "done": (BEFORE, None)}
        assert session.scalars(sa.select(Call.sequence)).one() == 3
        assert session.scalars(sa.select(Entry.revised_at)).one() == BEFORE


def test_quiet_leaves_pending_changes_whose_time_has_passed_to_the_host(database: Database) -> None:
    with database.transaction() as session:
        for kind, effect_at, refused in (("past", BEFORE, None), ("ahead", SOON, None), ("refused", BEFORE, "No.")):
            session.add(a_pending(a_show(session).id, kind=kind, effect_at=effect_at, refused=refused))

    done = quiet(database)

    assert done.pending == 1
    with database.reading() as session:
        found = {it.kind: it.refused for it in session.scalars(sa.select(Pending))}
        assert found == {"past": TO_DECIDE, "ahead": None, "refused": "No."}


def test_quiet_drops_the_reminder_a_call_is_at_and_the_next_one_goes_out(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)
        for minutes in (1440, 60):
            session.add(Reminder(show_id=show.id, minutes=minutes, created_at=NOW - timedelta(days=9)))
        call = a_call(session, show, starts_at=NOW + timedelta(hours=2))
        a_registration(session, call, confirmed_at=NOW - timedelta(days=5))
        a_registration(session, a_call(session, show, starts_at=NOW + timedelta(days=2)))
        a_registration(session, a_call(session, show, starts_at=NOW - timedelta(days=2)))

    done = quiet(database)

    assert done.overdue == 1
    assert written(database, reminding.write_due, NOW) == [("reminder", DROPPED)]
    assert written(database, reminding.write_due, NOW + timedelta(hours=1)) == [("reminder", DROPPED), ("reminder", WAITING)]


def test_quiet_finishes_a_round_of_reminders_that_was_half_written(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)
        call = a_call(session, show, starts_at=NOW + timedelta(hours=2))
        session.add(Reminder(show_id=show.id, minutes=1440, created_at=NOW - timedelta(days=9)))
        people = sorted(a_registration(session, call, confirmed_at=NOW - timedelta(days=5)).id for _ in range(3))
        session.add(ReminderRound(call_id=call.id, minutes=1440, starts_at=call.starts_at, cursor=people[0]))

    done = quiet(database)

    assert done.overdue == 2
    with database.reading() as session:
        assert session.scalars(sa.select(ReminderRound.done_at)).all() == [NOW]


def test_quiet_drops_the_invitations_of_the_week(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)
        for days in (3, 30):
            call = a_call(session, show, starts_at=NOW + timedelta(days=days))
            person = an_attendee(session, account_id=show.account_id)
            registration = a_registration(session, call, person, pass_id=a_pass(session, show, person).id)
            session.add(Entry(registration_id=registration.id, uid=f"{days}@calls.example", revised_at=BEFORE, created_at=BEFORE))

    done = quiet(database)

    assert done.overdue == 1
    assert written(database, inviting.invite_due, NOW) == [("call_invited", DROPPED)]


def test_quiet_signs_everybody_out(database: Database) -> None:
    with database.transaction() as session:
        member = a_member(session)
        session.add(SignInLink(member=member, token_hash="a", ends_at=SOON, created_at=NOW - timedelta(days=9)))
        session.add(SignIn(member=member, token_hash="b", browser="Firefox", seen_at=BEFORE, created_at=NOW - timedelta(days=9)))

    quiet(database)

    with database.reading() as session:
        assert session.scalars(sa.select(SignInLink.used_at)).all() == [NOW]
        assert session.scalars(sa.select(SignIn.ended_at)).all() == [NOW]


def quiet(database: Database) -> Quieted:
    with database.writer.begin() as connection:
        return quieting.quiet(connection, NOW)


def written(database: Database, write: Chore, now: datetime) -> list[tuple[str, str]]:
    """Kind and state of all that is in the outbox once the chore has written what is due by then."""
    with database.transaction() as session:
        while write(session, now):
            session.flush()
        return sorted((it.kind, it.state) for it in session.scalars(sa.select(Message)))


def a_message(key: str, **facts: Any) -> Message:
    return Message(key=key, kind="reminder", facts={}, created_at=BEFORE, **facts)


def a_change(kind: str, followed_up_at: Any) -> Change:
    return Change(
        thing_id=new_id(),
        kind=kind,
        by_kind="system",
        by_name="Calls",
        facts={},
        followed_up_at=followed_up_at,
        try_at=BEFORE,
        created_at=BEFORE,
    )


def a_pending(show_id: Any, **facts: Any) -> Pending:
    return Pending(show_id=show_id, facts={}, by_name="Tara", created_at=BEFORE, **facts)
