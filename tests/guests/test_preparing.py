"""Keeping what a guest sends in: words, picture, consent, agreement, and the assistant's link."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.ground.refusals import Invalid, Refused
from calls.guests import booking as bookings
from calls.guests import pictures, preparing, queries
from calls.guests import prep as rules
from calls.guests.answers import Answers
from calls.guests.models import Booking, Picture, Prep, Terms
from calls.guests.preparing import Typed
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.history.story import sentence
from tests.builders import NOW, a_call, a_show
from tests.guests.booked import a_booking, a_photo

NEEDED = {"name": "Dr. Ken Ono", "topic": "Why we sleep", "phone": "+81 3 1234 5678"}


def by(booking: Booking) -> Actor:
    return Actor("guest", booking.guest_id, booking.guest.name)


def save(session: Session, booking: Booking, *after: int, **typed: str) -> preparing.Saved:
    """Save what is typed as on a page opened just now, so many minutes after NOW."""
    minutes, seen = sum(after), rules.marks(rules.values(preparing.found(session, booking)))
    return preparing.save(session, booking, Typed(typed, seen), by=by(booking), now=NOW + timedelta(minutes=minutes))


def kinds(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Change.kind).order_by(Change.id)))


def set_picture(session: Session, booking: Booking, size: tuple[int, int] = (400, 400)) -> Picture:
    return preparing.set_picture(session, booking, pictures.cut(a_photo(size)), by=by(booking), now=NOW)


def consent(session: Session, booking: Booking, answer: str, minutes: int = 0) -> None:
    mark = rules.mark(queries.conditions_of(session, booking.show_id).consent)
    preparing.consent(session, booking, answer, mark, by=by(booking), now=NOW + timedelta(minutes=minutes))


def test_what_a_guest_types_is_kept_and_offered_again(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        save(session, booking, **NEEDED, bio="Ken *studies* sleep.", links="ono.example.com", please_ask="Why?")
        again = a_booking(session, a_call(session, booking.show, address="2", planned_day=None), guest={"email": "k@x.example"})
        again.guest = booking.guest
        session.flush()
    with database.reading() as session:
        kept, other = (preparing.found(session, session.get_one(Booking, it.id)) for it in (booking, again))

    assert rules.values(kept) == NEEDED | {
        "bio": "Ken *studies* sleep.",
        "links": "https://ono.example.com",
        "please_ask": "Why?",
        "please_dont": "",
        "offer": "",
    }
    assert (other.bio, other.links, other.phone, other.topic) == (kept.bio, kept.links, kept.phone, "")


def test_whatever_can_be_kept_is_kept_and_the_rest_is_named(database: Database) -> None:
    with database.transaction() as session:
        saved = save(session, a_booking(session), name="Ken", phone="none", bio="b" * 5_001, links="javascript:x")

    assert (saved.prep.name, saved.prep.phone, saved.prep.bio) == ("Ken", "", "")
    assert list(saved.faults) == ["bio", "phone", "links"]


def test_many_savings_are_one_change_an_hour_and_completing_is_told_once(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        for minutes, typed in enumerate(("W", "Wh", "Why", "Why")):
            save(session, booking, minutes, topic=typed)
        save(session, booking, 5, **NEEDED)
        save(session, booking, 6, phone="")
        save(session, booking, 90, phone="+1 555 010 0100")
        found = kinds(session)

    assert found == ["prep.saved", "prep.completed", "prep.saved", "prep.completed"]


def test_two_who_type_at_once_lose_nothing_without_a_word(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        seen = rules.marks(rules.values(preparing.found(session, booking)))
        for typed in ({"bio": "Hers"}, {"topic": "Sleep", "bio": "Hers"}):
            preparing.save(session, booking, Typed(typed, seen), by=by(booking), now=NOW)
        later = preparing.save(session, booking, Typed({"bio": "Mine", "offer": "A book"}, seen), by=by(booking), now=NOW)

    assert (later.prep.bio, later.prep.topic, later.prep.offer) == ("Hers", "Sleep", "A book")
    assert later.clashes == {"bio": "Hers"}


def test_accepting_keeps_the_six_lines_as_they_stand_then(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session, state="chosen", accepted_at=None, confirmed_at=None, ends_at=NOW + timedelta(days=1))
        booking.guest.bio = "Ken swims."
        bookings.accept(session, booking, Answers(**NEEDED), by=by(booking), now=NOW)
        session.add(Terms(show_id=booking.show_id, style="Another style."))
        session.flush()
        preparing.agree(session, booking, now=NOW + timedelta(days=1))
        kept, now = preparing.found(session, booking), preparing.terms_of(session, booking)

    assert (booking.state, kept.agreed_at, len(kept.agreement), kept.bio) == ("confirmed", NOW, 6, "Ken swims.")
    assert (now[2], kept.agreement[2] != now[2]) == ("Another style.", True)


def test_consent_keeps_words_and_time_whatever_the_show_says_later(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        old = queries.conditions_of(session, booking.show_id).consent
        consent(session, booking, "yes")
        consent(session, booking, "yes", 5)
        session.add(Terms(show_id=booking.show_id, consent="We sell it."))
        session.flush()
        with pytest.raises(Invalid) as refused:
            preparing.consent(session, booking, "yes", rules.mark(old), by=by(booking), now=NOW)
        kept = preparing.found(session, booking)
        before = (kept.consent, kept.consent_words, kept.consented_at)
        consent(session, booking, "no", 10)
        told = [sentence(it.kind, it.facts) for it in session.scalars(sa.select(Change).order_by(Change.id))]

    assert (before, list(refused.value.errors)) == (("yes", old, NOW), ["consent"])
    assert (kept.consent, kept.consent_words) == ("no", "We sell it.")
    assert told == [f"Agreed to being recorded: “{old}”", "Did not agree to being recorded: “We sell it.”"]


def test_answer_that_is_none_is_refused(database: Database) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        consent(session, a_booking(session), "perhaps")


def test_picture_takes_the_place_of_the_one_before_which_is_deleted(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        first = set_picture(session, booking).id
        second = set_picture(session, booking, (300, 500)).id
        left = list(session.scalars(sa.select(Picture.id)))
        kept = preparing.found(session, booking)

    assert (first in left, left, kept.picture_id, booking.guest.picture_id) == (False, [second], second, second)


def test_picture_that_another_call_shows_stays_when_it_is_replaced(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        first = set_picture(session, booking).id
        call = a_call(session, booking.show, address="2", planned_day=None)
        other = a_booking(session, call, guest={"email": "other@example.com"})
        other.guest = booking.guest
        session.flush()
        second = set_picture(session, other, (300, 500)).id

        assert set(session.scalars(sa.select(Picture.id))) == {first, second}


def test_picture_can_be_taken_back_even_when_the_booking_has_ended(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        set_picture(session, booking)
        booking.state = "declined"
        preparing.remove_picture(session, booking, by=by(booking), now=NOW)
        preparing.remove_picture(session, booking, by=by(booking), now=NOW)
        left, told = session.scalar(sa.select(sa.func.count()).select_from(Picture)), kinds(session)

    assert (left, booking.guest.picture_id, told) == (0, None, ["picture.set", "picture.removed"])


@pytest.mark.parametrize("state", ["lapsed", "declined", "cancelled"])
def test_nothing_is_kept_for_a_booking_that_has_ended(database: Database, state: str) -> None:
    with database.transaction() as session:
        booking = a_booking(session, state=state)

        with pytest.raises(Refused) as refused:
            save(session, booking, **NEEDED)

    assert refused.value.sentence == preparing.ENDED


def test_link_of_an_assistant_is_opened_withdrawn_and_opened_anew(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        seen: list[Any] = []
        for act in (preparing.hand_on, preparing.hand_on, preparing.take_back, preparing.take_back, preparing.hand_on):
            act(session, booking, by=by(booking), now=NOW)
            kept = preparing.found(session, booking)
            seen.append((kept.generation, kept.is_handed_on))
        told = kinds(session)

    assert seen == [(1, True), (1, True), (2, False), (2, False), (3, True)]
    assert told == ["prep.handed_on", "prep.taken_back", "prep.handed_on"]


def test_several_guests_of_a_call_each_have_a_prep_of_their_own(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session), guest_places=2)
        one, two = (a_booking(session, call, place=n, guest={"email": f"{n}@example.com"}) for n in (0, 1))
        save(session, one, topic="Sleep")
        save(session, two, topic="Night")
        found = queries.preps_of(session, [one.id, two.id])

    assert [found[it.id].topic for it in (one, two)] == ["Sleep", "Night"]


def test_every_change_says_whom_it_is_about(database: Database) -> None:
    with database.transaction() as session:
        booking = a_booking(session)
        save(session, booking, **NEEDED)
        facts = list(session.scalars(sa.select(Change.facts)))

    assert {(it["guest"], it["guest_id"]) for it in facts} == {("Dr. Ken Ono", str(booking.guest_id))}


def test_two_savings_at_once_both_stand(database: Database) -> None:
    """On PostgreSQL two may write at once; the second sees what the first has kept."""
    with database.transaction() as session:
        booking = a_booking(session)
        save(session, booking, topic="Sleep")
    with database.transaction() as session:
        stale = session.get_one(Booking, booking.id)
        seen = rules.marks(rules.values(preparing.found(session, stale)))
        if not database.is_sqlite:
            with database.transaction() as other:
                save(other, other.get_one(Booking, booking.id), bio="From elsewhere")
        saved = preparing.save(session, stale, Typed({"offer": "A book", "bio": ""}, seen), by=by(stale), now=NOW)

    assert (saved.prep.offer, saved.prep.bio) == ("A book", "" if database.is_sqlite else "From elsewhere")
    assert isinstance(saved.prep, Prep)
