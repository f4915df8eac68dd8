"""Asking guests, reminding them, withdrawing; and what they do with an invitation before they choose."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.guests import inviting, offering, queries
from calls.guests.inviting import Offer
from calls.guests.models import Guest
from calls.guests.person import Person
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.shows import rescheduling
from tests.builders import NOW, an_account
from tests.guests.asking import BEN, CLARA, MIKA, Asking, an_asking


@pytest.fixture
def asking(database: Database, clock: SetClock) -> Asking:
    return an_asking(database, clock)


def numbers_free(asking: Asking, invitation_id: UUID) -> list[int]:
    """The numbers of the calls that the guest may choose now."""
    with asking.invitation(invitation_id) as (session, invitation, _):
        ids = [it.id for it in asking.studio.calls(session)]
        return [ids.index(it.id) for it in offering.free_calls(session, invitation, asking.now)]


def facts(asking: Asking, kind: str) -> dict[str, Any]:
    with asking.database.reading() as session:
        return session.scalars(sa.select(Change.facts).where(Change.kind == kind).order_by(Change.id.desc())).first() or {}


def test_guest_is_asked_in_the_hosts_words_with_her_name(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest(), [0], words="Dear {name}, will you come?")

    with asking.invitation(invitation_id) as (_, invitation, _by):
        assert (invitation.state, invitation.words) == ("sent", "Dear Mika Ono, will you come?")
        assert invitation.sent_at == asking.now
    assert asking.changes() == ["invitation.sent"]


def test_without_words_the_guest_is_asked_in_ours(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())

    with asking.invitation(invitation_id) as (_, invitation, _by):
        first, second, *_ = invitation.words.split("\n\n")
        assert (first, second[:42]) == ("Hello Mika Ono,", "I host Ask Tara, a live call of 60 minutes")


@pytest.mark.parametrize(
    ("person", "columns", "said"),
    [
        (Person("Nobody"), {}, "There is no e-mail address of Nobody"),
        (MIKA, {"silenced_at": True}, "wants no mail"),
        (MIKA, {"bounced_at": True}, "takes no mail"),
    ],
)
def test_whom_mail_does_not_reach_is_not_asked(asking: Asking, person: Person, columns: dict[str, bool], said: str) -> None:
    guest_id = asking.guest(person)
    if columns:
        asking.studio.update(Guest, guest_id, **dict.fromkeys(columns, asking.now))
    with pytest.raises(Refused, match=said):
        asking.invite(guest_id)

    assert asking.changes() == []


def test_guest_who_is_asked_already_is_not_asked_twice(asking: Asking) -> None:
    guest_id = asking.guest()
    asking.invite(guest_id)
    with pytest.raises(Refused, match="has an invitation to this show already"):
        asking.invite(guest_id, [1])

    assert len(asking.states()) == 1


def test_guest_of_another_account_is_unknown(asking: Asking) -> None:
    with asking.database.transaction() as session:
        other = Guest(account_id=an_account(session).id, name="Eve", email="eve@example.org", created_at=NOW)
        session.add(other)
        session.flush()
    with pytest.raises(NotFound):
        asking.invite(other.id)


def test_host_who_only_leads_calls_does_not_invite(asking: Asking) -> None:
    guest_id = asking.guest()
    with asking.database.transaction() as session, pytest.raises(NotAllowed):
        show = asking.studio.show(session)
        leader = Actor("member", guest_id, "Lea", "host", show.account_id)
        guest = session.get_one(Guest, guest_id)
        inviting.invite(session, show, guest, Offer(is_any_date=True), by=leader, now=asking.now)


def test_named_dates_alone_are_offered_while_they_are_free(asking: Asking) -> None:
    first, second = asking.invite(asking.guest(MIKA), [1, 3]), asking.invite(asking.guest(BEN), [1, 2, 3])
    asking.choose(second, 3)

    assert (numbers_free(asking, first), numbers_free(asking, second)) == ([1], [1, 2])


def test_any_open_date_is_offered_later_ones_too(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())
    before = numbers_free(asking, invitation_id)
    with asking.database.transaction() as session:
        wall = asking.studio.call(session, 0).wall + timedelta(days=3)
        rescheduling.add_extra(session, asking.studio.show(session), wall, 30, by=asking.studio.by, now=asking.now)

    assert (len(before), len(numbers_free(asking, invitation_id))) == (16, 17)


def test_call_takes_as_many_guests_as_it_has_places(asking: Asking) -> None:
    with asking.database.transaction() as session:
        asking.studio.call(session, 0).guest_places = 2
    invitations = [asking.invite(asking.guest(it), [0, 1]) for it in (MIKA, BEN, CLARA)]
    bookings = [asking.choose(it, 0) for it in invitations[:2]]

    assert numbers_free(asking, invitations[2]) == [1]
    with asking.database.reading() as session:
        found = queries.bookings_of_call(session, asking.studio.call(session, 0).id)
        assert [(it.id, it.place) for it in found] == [(bookings[0], 0), (bookings[1], 1)]


def test_guest_is_nudged_once_a_day(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())

    def nudge() -> None:
        with asking.invitation(invitation_id) as (session, invitation, _):
            inviting.nudge(session, invitation, by=asking.studio.by, now=asking.now)

    with pytest.raises(Refused, match="less than a day ago"):
        nudge()
    asking.studio.clock.advance(hours=24)
    nudge()
    with pytest.raises(Refused, match="less than a day ago"):
        nudge()

    assert asking.changes() == ["invitation.sent", "invitation.nudged"]


def test_guest_who_has_done_her_part_is_not_nudged(asking: Asking) -> None:
    booking_id = asking.booked()
    asking.studio.clock.advance(hours=25)
    with asking.booking(booking_id) as (session, found, _), pytest.raises(Refused, match="nothing to remind"):
        inviting.nudge(session, found.invitation, by=asking.studio.by, now=asking.now)


def test_more_dates_are_offered_and_said_at_once(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest(), [1])
    with asking.invitation(invitation_id) as (session, invitation, _):
        more = [asking.studio.call(session, it) for it in (1, 4)]
        inviting.offer(session, invitation, more, by=asking.studio.by, now=asking.now)

    assert numbers_free(asking, invitation_id) == [1, 4]
    assert facts(asking, "invitation.nudged")["dates"] == 2


def test_withdrawn_invitation_takes_its_hold_along(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())
    asking.choose(invitation_id)
    with asking.invitation(invitation_id) as (session, invitation, _):
        inviting.withdraw(session, invitation, by=asking.studio.by, now=asking.now)

    assert asking.states() == [("Mika Ono", "withdrawn", "cancelled")]
    assert asking.changes() == ["invitation.sent", "booking.chosen", "booking.cancelled"]
    with pytest.raises(Refused, match="This invitation was withdrawn"):
        asking.choose(invitation_id)


def test_date_agreed_on_is_not_withdrawn(asking: Asking) -> None:
    booking_id = asking.booked()
    with asking.booking(booking_id) as (session, found, _), pytest.raises(Refused, match="Cancel the booking instead"):
        inviting.withdraw(session, found.invitation, by=asking.studio.by, now=asking.now)


def test_first_opening_is_kept_once(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())
    for _ in range(2):
        with asking.invitation(invitation_id) as (session, invitation, _by):
            inviting.open_page(session, invitation, now=asking.now)

    assert asking.changes() == ["invitation.sent", "invitation.opened"]


def test_no_is_kept_with_its_reason(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())
    with asking.invitation(invitation_id) as (session, invitation, by):
        inviting.decline(session, invitation, "No time.\n", by=by, now=asking.now)

    assert asking.states() == [("Mika Ono", "declined", "")]
    assert facts(asking, "invitation.declined")["reason"] == "No time."


def test_another_date_is_asked_for_in_words(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest(), [0])
    with asking.invitation(invitation_id) as (session, invitation, by):
        with pytest.raises(Invalid):
            inviting.ask_for(session, invitation, "  ", by=by, now=asking.now)
        inviting.ask_for(session, invitation, "A Thursday, please.", by=by, now=asking.now)

    with asking.invitation(invitation_id) as (_, invitation, _by):
        assert (invitation.state, invitation.asked_for, invitation.asked_for_at) == ("sent", "A Thursday, please.", asking.now)


def pass_on(asking: Asking, invitation_id: UUID, name: str = "Ken Doi", email: str = "ken@example.org") -> UUID:
    with asking.invitation(invitation_id) as (session, invitation, by):
        return inviting.pass_on(session, invitation, name, email, by=by, now=asking.now).id


def test_invitation_passed_on_is_somebody_elses_for_the_same_dates(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest(), [1, 2])
    asking.choose(invitation_id, 1)
    other = pass_on(asking, invitation_id)

    assert asking.states() == [("Mika Ono", "declined", "declined"), ("Ken Doi", "sent", "")]
    assert numbers_free(asking, other) == [1, 2]
    with asking.invitation(other) as (_, found, _by):
        assert found.words.startswith("Mika Ono was asked first, and suggested you.\n\nHello Ken Doi,")
        assert (found.follows_id, found.guest.met) == (invitation_id, "Suggested by Mika Ono.")


def test_invitation_is_passed_on_once(asking: Asking) -> None:
    other = pass_on(asking, asking.invite(asking.guest()))
    with pytest.raises(Refused, match="passed on to you already"):
        pass_on(asking, other, "Lou", "lou@example.org")


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Ken", ""),
        ("Ken", "ken@"),
        ("", "ken@example.org"),
        ("Ken", "mika@example.org"),
        ("Win at https://x.example", "k@example.org"),
    ],
)
def test_invitation_is_not_passed_on_to_nobody_oneself_or_an_advertisement(asking: Asking, name: str, email: str) -> None:
    invitation_id = asking.invite(asking.guest())
    with pytest.raises(Invalid):
        pass_on(asking, invitation_id, name, email)

    assert asking.states() == [("Mika Ono", "sent", "")]


def test_invitation_ends_on_its_day_and_says_so(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest(), ends_at=asking.now + timedelta(days=2))
    asking.studio.wait(days=2)

    assert asking.states() == [("Mika Ono", "lapsed", "")]
    with pytest.raises(Refused, match="This invitation has ended"):
        asking.choose(invitation_id)


def test_hold_of_an_invitation_that_ends_outlives_it_and_leaves_it_ended(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest(), ends_at=asking.now + timedelta(days=2))
    asking.studio.clock.advance(hours=40)
    asking.choose(invitation_id, 4)
    asking.studio.wait(days=2)
    held = asking.states()
    asking.studio.wait(days=2)

    assert (held, asking.states()) == ([("Mika Ono", "taken", "chosen")], [("Mika Ono", "lapsed", "lapsed")])
