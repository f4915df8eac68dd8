"""Choosing, agreeing and ending: what becomes of booking, invitation, call, and what is kept."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.guests import booking, offering, prep, preparing, queries
from calls.guests.answers import Answers
from calls.guests.booking import Taken
from calls.guests.models import Prep
from calls.guests.preparing import Typed
from calls.history.models import Change
from calls.shows import editing, moving
from tests.fakes import FakeMail
from tests.guests.asking import ANSWERS, BEN, CLARA, MIKA, Asking, an_asking
from tests.studio import ANN

CHOSEN = ["invitation.sent", "booking.chosen"]


@pytest.fixture
def asking(database: Database, clock: SetClock) -> Asking:
    return an_asking(database, clock)


def test_chosen_date_is_held_for_the_shows_hours(asking: Asking) -> None:
    asking.terms(hold_hours=24)
    booking_id = asking.choose(asking.invite(asking.guest(), [1, 2]), 1)

    with asking.database.reading() as session:
        held = queries.booking_by_id(session, booking_id)
        assert held is not None
        assert (held.state, held.place, held.ends_at) == ("chosen", 0, asking.now + timedelta(hours=24))
    assert asking.states() == [("Mika Ono", "taken", "chosen")]
    assert asking.changes() == CHOSEN


def test_three_answers_confirm_it_and_name_the_guest_without_a_mail(asking: Asking) -> None:
    asking.studio.register(ANN)
    asking.studio.work()
    before = asking.studio.outbox()
    asking.booked()
    asking.studio.work()

    with asking.database.reading() as session:
        prep = session.scalars(sa.select(Prep)).one()
        assert (prep.name, prep.topic, prep.phone) == ("Dr. Mika Ono", "What whales say", "+81 3 1234 5678")
    assert asking.states() == [("Mika Ono", "taken", "confirmed")]
    assert asking.announced() == "Dr. Mika Ono"
    assert asking.changes() == [*CHOSEN, "booking.accepted", "booking.confirmed", "call.guest_named"]
    assert [it for it in asking.studio.outbox()[len(before) :] if it[0] in {"news", "call_changed"}] == []


def test_guest_named_without_a_mail_stands_in_the_reminder_which_stays_one(asking: Asking) -> None:
    mail = asking.studio.mail
    assert isinstance(mail, FakeMail)
    asking.studio.register(ANN)
    asking.studio.work()
    asking.booked()
    asking.studio.work()
    with asking.database.reading() as session:
        starts_at = asking.studio.call(session).starts_at

    asking.studio.until(starts_at - timedelta(minutes=30))

    letters = [it for it in mail.letters if it.to == ANN.email]
    assert ["starts in" in it.subject for it in letters] == [False, True, True]
    assert "Dr. Mika Ono" in letters[-1].text


@pytest.mark.parametrize(("by_hand", "then"), [("", "Prof. Ono"), ("A surprise guest", "A surprise guest")])
def test_name_mended_in_the_prep_is_announced_without_a_mail(asking: Asking, by_hand: str, then: str) -> None:
    booking_id = asking.booked()
    if by_hand:
        with asking.database.transaction() as session:
            editing.name_guest(session, asking.studio.call(session), by_hand, by=asking.studio.by, now=asking.now)
    with asking.booking(booking_id) as (session, found, by):
        seen = prep.marks(prep.values(preparing.found(session, found)))
        preparing.save(session, found, Typed({"name": "Prof. Ono"}, seen), by=by, now=asking.now)

    assert asking.announced() == then
    assert asking.changes()[-1] == ("call.guest_changed" if by_hand else "call.guest_named")


def test_answers_that_are_missing_are_asked_for_and_nothing_is_kept(asking: Asking) -> None:
    booking_id = asking.choose(asking.invite(asking.guest()))
    with pytest.raises(Invalid) as refused:
        asking.accept(booking_id, Answers(" ", "", "no number"))

    assert refused.value.errors.keys() == {"name", "topic", "phone"}
    assert asking.states() == [("Mika Ono", "taken", "chosen")]


def test_yes_in_a_calendar_confirms_without_answers(asking: Asking) -> None:
    booking_id = asking.choose(asking.invite(asking.guest()))
    asking.accept(booking_id, None)

    assert asking.states() == [("Mika Ono", "taken", "confirmed")]
    assert asking.announced() == "Mika Ono"


@pytest.mark.parametrize("is_host_first", [True, False])
def test_date_needs_both_where_the_host_approves(asking: Asking, is_host_first: bool) -> None:
    asking.terms(is_approved_by_itself=False)
    booking_id = asking.choose(asking.invite(asking.guest()), 3)
    steps = [asking.approve, asking.accept] if is_host_first else [asking.accept, asking.approve]
    steps[0](booking_id)
    half_way = asking.states()
    steps[1](booking_id)

    assert half_way == [("Mika Ono", "taken", "chosen")]
    assert asking.states() == [("Mika Ono", "taken", "confirmed")]


def test_host_has_a_whole_hold_to_approve_after_the_guest_has_accepted(asking: Asking) -> None:
    asking.terms(is_approved_by_itself=False, hold_hours=48)
    booking_id = asking.choose(asking.invite(asking.guest()), 3)
    asking.studio.clock.advance(hours=47)
    asking.accept(booking_id)

    with asking.database.reading() as session:
        held = queries.booking_by_id(session, booking_id)
        assert held is not None
        assert held.ends_at == asking.now + timedelta(hours=48)


def test_date_that_is_taken_is_refused_and_the_others_are_left(asking: Asking) -> None:
    first, second = asking.invite(asking.guest(MIKA), [0, 1]), asking.invite(asking.guest(BEN), [0, 1])
    asking.choose(first, 0)
    with pytest.raises(Taken):
        asking.choose(second, 0)

    with asking.invitation(second) as (session, invitation, _):
        free = [it.id for it in offering.free_calls(session, invitation, asking.now)]
        assert free == [asking.studio.call(session, 1).id]
    assert asking.states() == [("Mika Ono", "taken", "chosen"), ("Ben Adler", "sent", "")]


def test_choosing_the_same_date_twice_is_one_hold(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())
    first = asking.choose(invitation_id)

    assert asking.choose(invitation_id) == first
    assert asking.changes() == CHOSEN


def test_another_date_moves_the_hold_and_makes_it_no_longer(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest())
    booking_id = asking.choose(invitation_id, 3)
    with asking.database.reading() as session:
        held = queries.booking_by_id(session, booking_id)
        assert held is not None
        was = held.ends_at
    asking.studio.clock.advance(hours=10)

    assert asking.choose(invitation_id, 4) == booking_id
    with asking.database.reading() as session:
        held = queries.booking_by_id(session, booking_id)
        assert held is not None
        assert (held.ends_at, held.sequence) == (was, 1)
        assert held.call_id == asking.studio.call(session, 4).id


def test_confirmed_date_is_not_changed_by_choosing_another(asking: Asking) -> None:
    booking_id = asking.booked()
    with asking.booking(booking_id) as (session, found, by), pytest.raises(Refused):
        booking.choose(session, found.invitation, asking.studio.call(session, 1), by=by, now=asking.now)

    assert asking.announced() == "Dr. Mika Ono"


def test_unused_hold_is_free_again_and_falls_to_the_next_on_the_bench(asking: Asking) -> None:
    asking.guest(BEN, 1)
    asking.guest(CLARA, 2)
    asking.choose(asking.invite(asking.guest(), [3]), 3)
    asking.studio.wait(hours=73)

    assert asking.states() == [("Mika Ono", "sent", "lapsed"), ("Ben Adler", "sent", "")]
    assert asking.changes() == [*CHOSEN, "booking.lapsed", "invitation.sent"]


def test_invitation_that_fell_to_somebody_falls_on_when_it_is_not_answered(asking: Asking) -> None:
    asking.guest(BEN, 1)
    asking.guest(CLARA, 2)
    asking.choose(asking.invite(asking.guest(), [3]), 3)
    asking.studio.wait(hours=73)
    asking.studio.wait(hours=73)

    assert asking.states() == [("Mika Ono", "sent", "lapsed"), ("Ben Adler", "lapsed", ""), ("Clara Ruiz", "sent", "")]


def test_unused_hold_falls_to_nobody_where_the_terms_say_so(asking: Asking) -> None:
    asking.terms(asks_next=False)
    asking.guest(BEN, 1)
    asking.choose(asking.invite(asking.guest(), [3]), 3)
    asking.studio.wait(hours=73)

    assert asking.states() == [("Mika Ono", "sent", "lapsed")]


def test_date_that_only_the_host_did_not_approve_falls_to_nobody(asking: Asking) -> None:
    asking.terms(is_approved_by_itself=False)
    asking.guest(BEN, 1)
    booking_id = asking.choose(asking.invite(asking.guest(), [3]), 3)
    asking.accept(booking_id)
    asking.studio.wait(hours=73)

    assert asking.states() == [("Mika Ono", "sent", "lapsed")]


def test_date_whose_hold_lapsed_may_be_chosen_again(asking: Asking) -> None:
    invitation_id = asking.invite(asking.guest(), [3])
    first = asking.choose(invitation_id, 3)
    asking.studio.wait(hours=73)

    assert asking.choose(invitation_id, 3) != first
    assert asking.states() == [("Mika Ono", "taken", "chosen")]


def test_hold_that_is_over_is_not_confirmed_any_more_before_the_worker_comes(asking: Asking) -> None:
    booking_id = asking.choose(asking.invite(asking.guest()), 3)
    asking.studio.clock.advance(hours=73)
    with pytest.raises(Refused, match="The time to agree on this date is over"):
        asking.accept(booking_id)


def test_guest_who_cannot_come_frees_the_date_and_the_host_decides_what_is_announced(asking: Asking) -> None:
    booking_id = asking.booked()
    asking.studio.register(ANN)
    asking.decline(booking_id, "I am ill.")

    with asking.database.reading() as session:
        [call] = [asking.studio.call(session, 0)]
        assert offering.places_left(session, [call]) == {call.id: 1}
    assert asking.states() == [("Mika Ono", "declined", "declined")]
    assert asking.announced() == "Dr. Mika Ono"


def test_guest_who_cannot_come_is_not_announced_any_more_while_nobody_is_registered(asking: Asking) -> None:
    asking.decline(asking.booked())

    assert asking.announced() == ""


@pytest.mark.parametrize(("is_asked_again", "state"), [(True, "sent"), (False, "withdrawn")])
def test_cancelled_booking_leaves_the_invitation_open_or_not(asking: Asking, is_asked_again: bool, state: str) -> None:
    asking.cancel(asking.booked(), "The studio burnt down.", is_asked_again=is_asked_again)

    assert asking.states() == [("Mika Ono", state, "cancelled")]


def test_another_guest_than_people_were_told_of_is_news_to_them(asking: Asking) -> None:
    booking_id = asking.booked()
    asking.studio.register(ANN)
    asking.decline(booking_id)
    other = asking.choose(asking.invite(asking.guest(BEN), [0]))
    asking.accept(other, Answers("Ben Adler", "Bread", "+49 30 1234567"))

    assert asking.announced() == "Ben Adler"
    assert asking.changes()[-1] == "call.guest_changed"


def test_second_guest_of_a_call_is_no_news_about_the_first(asking: Asking) -> None:
    with asking.database.transaction() as session:
        asking.studio.call(session, 0).guest_places = 2
    asking.booked(MIKA)
    asking.booked(BEN)

    assert asking.announced() == "Dr. Mika Ono and Dr. Mika Ono"
    assert "call.guest_changed" not in asking.changes()


def test_name_that_the_host_gave_beforehand_is_hers_and_no_news(asking: Asking) -> None:
    asking.studio.register(ANN)
    asking.studio.ask("guest", 0, guest_name="mika ono")
    asking.studio.wait(minutes=11)
    asking.booked()

    assert asking.announced() == "Dr. Mika Ono"
    assert asking.changes()[-1] == "call.guest_named"


def test_call_with_a_name_given_by_hand_takes_nobody_else(asking: Asking) -> None:
    asking.studio.ask("guest", 0, guest_name="Dr. Fox")
    with pytest.raises(Refused, match="None of these dates is free for Mika Ono"):
        asking.invite(asking.guest(), [0])


def test_cancelled_call_ends_its_hold_and_keeps_what_is_agreed(asking: Asking) -> None:
    asking.booked(MIKA, 0)
    asking.choose(asking.invite(asking.guest(BEN)), 1)
    for number in (0, 1):
        asking.studio.ask("cancel", number, reason="Rain")
    asking.studio.wait(minutes=11)

    assert asking.states() == [("Mika Ono", "taken", "confirmed"), ("Ben Adler", "sent", "cancelled")]


def test_skipped_call_ends_its_hold(asking: Asking) -> None:
    asking.choose(asking.invite(asking.guest()), 1)
    asking.studio.ask("skip", 1)
    asking.studio.wait(minutes=11)

    assert asking.states() == [("Mika Ono", "sent", "cancelled")]


def test_hold_ends_half_a_day_before_the_call_that_was_moved_nearer(asking: Asking) -> None:
    booking_id = asking.choose(asking.invite(asking.guest()), 1)
    asking.studio.move("2026-11-23T19:00:00", 1)
    asking.studio.wait(minutes=11)

    with asking.database.reading() as session:
        held = queries.booking_by_id(session, booking_id)
        assert held is not None and held.call is not None
        assert held.ends_at == held.call.starts_at - timedelta(hours=12)


def test_date_of_a_cancelled_call_is_not_agreed_on(asking: Asking) -> None:
    booking_id = asking.choose(asking.invite(asking.guest()))
    with asking.database.transaction() as session:
        moving.cancel(session, asking.studio.call(session, 0), by=asking.studio.by, now=asking.now)
    with pytest.raises(Refused, match="This call has been cancelled"):
        asking.accept(booking_id)


def test_who_may_not_invite_neither_approves_nor_cancels(asking: Asking) -> None:
    asking.terms(is_approved_by_itself=False)
    booking_id = asking.choose(asking.invite(asking.guest()))
    with asking.booking(booking_id) as (session, found, guest):
        with pytest.raises(NotFound):
            booking.approve(session, found, by=guest, now=asking.now)
        with pytest.raises(NotFound):
            booking.cancel(session, found, by=guest, now=asking.now)
        leader = type(asking.studio.by)("member", guest.id, "Lea", "host", found.show.account_id)
        with pytest.raises(NotAllowed):
            booking.approve(session, found, by=leader, now=asking.now)


def test_facts_of_every_change_name_the_guest(asking: Asking) -> None:
    asking.decline(asking.booked())

    with asking.database.reading() as session:
        kept = session.scalars(sa.select(Change).where(sa.or_(Change.kind.like("booking.%"), Change.kind.like("invitation.%"))))
        assert {(it.facts["guest"], len(it.facts["guest_id"])) for it in kept} == {("Mika Ono", 36)}


def test_phone_goes_to_the_bench_where_none_was_known(asking: Asking) -> None:
    booking_id = asking.booked()

    with asking.booking(booking_id) as (_, found, _by):
        assert found.guest.phone == ANSWERS.phone
