"""Who is asked next by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.guests import queries
from calls.guests.models import Guest, Invitation, InvitationDate
from calls.shows.models import Call
from tests.builders import FIRST_CALL, NOW, a_booking, a_call, a_guest, a_show, an_invitation

LATELY, LONG_AGO = NOW - timedelta(days=20), NOW - timedelta(days=200)
Happening = Callable[[Session, Guest, Call, Call], object]


def offer(session: Session, guest: Guest, call: Call, **facts: object) -> None:
    invitation = an_invitation(session, guest, call.show, **facts)
    session.add(InvitationDate(invitation_id=invitation.id, call_id=call.id))


def change(**facts: object) -> Happening:
    def happen(session: Session, guest: Guest, call: Call, other: Call) -> None:
        for name, value in facts.items():
            setattr(guest, name, value)

    return happen


@pytest.mark.parametrize(
    "happen",
    [
        change(place=None),
        change(email=None),
        change(bounced_at=NOW),
        change(silenced_at=NOW),
        lambda s, g, call, other: an_invitation(s, g, call.show),
        lambda s, g, call, other: an_invitation(s, g, call.show, state="taken"),
        lambda s, g, call, other: a_booking(s, g, other, state="chosen"),
        lambda s, g, call, other: a_booking(s, g, other),
        lambda s, g, call, other: offer(s, g, call, state="lapsed", decided_at=LONG_AGO),
        lambda s, g, call, other: offer(s, g, call, state="withdrawn", decided_at=LONG_AGO),
        lambda s, g, call, other: a_booking(s, g, call, state="lapsed", invitation_id=gone(s, g, call).id),
        lambda s, g, call, other: an_invitation(s, g, call.show, state="declined", decided_at=LATELY),
        lambda s, g, call, other: an_invitation(s, g, a_show(s, account_id=g.account_id), state="declined", decided_at=LATELY),
        lambda s, g, call, other: a_booking(s, g, other, state="declined", ended_at=LATELY, invitation_id=gone(s, g, call).id),
        lambda s, g, call, other: an_invitation(s, g, call.show, state="lapsed", decided_at=LATELY),
    ],
)
def test_who_is_passed_over(database: Database, happen: Happening) -> None:
    with database.transaction() as session:
        first, second, call = a_bench(session)

        happen(session, first, call, a_call(session, call.show, wall=FIRST_CALL + timedelta(weeks=1)))

        session.flush()
        assert queries.next_on_bench(session, call.show, call.id, NOW) is second


@pytest.mark.parametrize(
    "happen",
    [
        lambda s, g, call, other: an_invitation(s, g, a_show(s, account_id=g.account_id)),
        lambda s, g, call, other: an_invitation(s, g, call.show, state="declined", decided_at=LONG_AGO),
        lambda s, g, call, other: an_invitation(s, g, call.show, state="lapsed", decided_at=LONG_AGO),
        lambda s, g, call, other: offer(s, g, other, state="withdrawn", decided_at=LATELY),
        lambda s, g, call, other: a_booking(s, g, other, state="cancelled", invitation_id=gone(s, g, call).id),
        lambda s, g, call, other: a_guest(s, account_id=g.account_id, merged_into_id=g.id, place=0),
        lambda s, g, call, other: a_guest(s, place=0),
    ],
)
def test_who_is_asked(database: Database, happen: Happening) -> None:
    with database.transaction() as session:
        first, _, call = a_bench(session)

        happen(session, first, call, a_call(session, call.show, wall=FIRST_CALL + timedelta(weeks=1)))

        session.flush()
        assert queries.next_on_bench(session, call.show, call.id, NOW) is first


def test_without_a_date_earlier_offers_count_for_nothing(database: Database) -> None:
    with database.transaction() as session:
        first, second, call = a_bench(session)
        offer(session, first, call, state="withdrawn", decided_at=LATELY)

        assert queries.next_on_bench(session, call.show, None, NOW) is first
        assert queries.next_on_bench(session, call.show, call.id, NOW) is second


def test_on_an_empty_bench_is_nobody(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)

        assert queries.next_on_bench(session, show, None, NOW) is None


def a_bench(session: Session) -> tuple[Guest, Guest, Call]:
    """Two who wait, and a call that needs a guest."""
    call = a_call(session, a_show(session))
    first, second = (a_guest(session, account_id=call.show.account_id, place=turn) for turn in (1, 2))
    return first, second, call


def gone(session: Session, guest: Guest, call: Call) -> Invitation:
    return an_invitation(session, guest, call.show, state="withdrawn")
