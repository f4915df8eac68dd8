"""What a guest and those who look after her are written to, and when nothing is."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.guests import checking_in, inviting, setting_terms, silencing
from calls.guests.models import Guest
from calls.guests.terms import Conditions
from calls.messages.models import ToldGuest
from tests.calendars.grammar import check_mail_part
from tests.fakes import Letter
from tests.invited import MIA, Invited, invited, letters_to, name_understudy, on_bench
from tests.studio import ANN, Studio

HOST = "tara@example.com"


@pytest.fixture
def ken(studio: Studio) -> Invited:
    """Ken Ono, asked for the first three dates; his letter is out."""
    found = invited(studio)
    studio.work()
    return found


def subjects(letters: list[Letter]) -> list[str]:
    return [it.subject for it in letters]


def parts(letters: list[Letter]) -> list[tuple[str, str, str]]:
    """METHOD, STATUS and SEQUENCE of each calendar part."""
    return [(it.method, it.entry("STATUS"), it.entry("SEQUENCE")) for it in letters if it.calendar]


def reasons(studio: Studio, kind: str) -> list[str]:
    """Why messages of a kind were dropped."""
    return [it.fault or "" for it in studio.messages() if it.kind == kind and it.state == "dropped"]


def test_invitation_is_one_mail_that_reaches_who_asks_when_it_is_answered(ken: Invited) -> None:
    [letter] = ken.letters()

    assert (letter.subject, letter.mail["Reply-To"], letter.calendar) == ("Tara invites you to Ask Tara", HOST, None)
    assert "Tuesday 24 November 2026, 19:00, New York time (UTC−05:00); for you Wed 25 Nov 2026, 09:00" in letter.text
    assert str(letter.mail["List-Unsubscribe"]).startswith("<https://calls.example/unsubscribe/")


def test_held_date_is_tentative_and_confirmed_under_the_same_uid_one_sequence_later(studio: Studio, ken: Invited) -> None:
    ken.choose()
    studio.work()
    ken.accept()
    studio.work()

    _, held, agreed = ken.letters()
    assert subjects([held, agreed]) == ["Held for you: Ask Tara, Wed 25 Nov 2026", "You are our guest: Ask Tara, Wed 25 Nov 2026"]
    assert parts([held, agreed]) == [("REQUEST", "TENTATIVE", "0"), ("REQUEST", "CONFIRMED", "1")]
    assert held.entry("UID") == agreed.entry("UID")
    assert [check_mail_part(it.calendar or b"") for it in (held, agreed)] == [[], []]
    assert held.id == f"<{held.entry('UID')}@calls.example>" == agreed.mail["In-Reply-To"]


def test_agreement_has_six_lines_number_and_code_and_the_time_of_the_green_room(studio: Studio, ken: Invited) -> None:
    ken.confirmed()

    text = ken.letters()[-1].text
    assert [it.partition(":")[0] for it in text.splitlines() if it.startswith("- ")] == [
        "- Length",
        "- Day and time",
        "- Style",
        "- May the guest pitch? You may name one offer of yours, towards the end.",
        "- Who listens",
        "- How to connect",
    ]
    assert "+1 555 010 0100, code 48213" in text
    assert "15 minutes before, at 08:45 Tokyo time" in text


def test_what_is_chosen_and_agreed_on_at_once_is_one_letter(studio: Studio, ken: Invited) -> None:
    ken.choose()
    ken.accept()
    studio.work()

    assert subjects(ken.letters()[1:]) == ["You are our guest: Ask Tara, Wed 25 Nov 2026"]
    assert subjects(letters_to(studio, HOST)) == ["Ken Ono is confirmed for Tue 24 Nov 2026: Ask Tara"]


def test_host_whose_yes_is_missing_is_asked_once_more_when_the_guest_has_said_yes(studio: Studio, ken: Invited) -> None:
    with studio.database.transaction() as session:
        show, conditions = studio.show(session), Conditions(is_approved_by_itself=False)
        setting_terms.set_terms(session, show, conditions, by=studio.by, now=studio.clock.now())
    ken.choose()
    studio.work()
    ken.accept()
    studio.work()
    ken.approve()
    studio.wait(minutes=20)

    hosts = letters_to(studio, HOST)
    assert ["It waits for your yes" in it.text for it in hosts] == [True, True]
    assert ["Ken Ono has said yes." in it.text for it in hosts] == [False, True]
    assert subjects(ken.letters()[-1:]) == ["You are our guest: Ask Tara, Wed 25 Nov 2026"]


def test_unused_hold_is_let_go_with_a_cancel_and_the_next_on_the_bench_is_asked(studio: Studio, ken: Invited) -> None:
    on_bench(studio, MIA)
    with studio.database.transaction() as session:
        session.execute(sa.update(Guest).where(Guest.name == "Mia Silva").values(place=0))
    ken.choose(2)
    studio.work()
    studio.wait(hours=73)
    studio.wait(hours=10)

    gone = ken.letters()[-1]
    assert gone.subject == "Let go: Ask Tara, Wed 9 Dec 2026"
    assert parts([gone]) == [("CANCEL", "", "1")]
    assert check_mail_part(gone.calendar or b"") == []
    assert "Mia Silva is next on your bench and has been asked." in letters_to(studio, HOST)[-1].text
    assert subjects(letters_to(studio, "mia@example.com")) == ["Tara invites you to Ask Tara"]


def test_moved_call_tells_the_guest_the_difference_once(studio: Studio, ken: Invited) -> None:
    ken.confirmed(1)
    studio.wait(hours=1)
    studio.move("2026-12-01T17:00:00", 1)
    studio.wait(minutes=11)
    studio.move("2026-12-01T18:00:00", 1)
    studio.wait(minutes=11)
    studio.wait(hours=12)
    studio.wait(hours=12)

    [moved] = ken.letters()[2:]
    assert "It was: Tuesday 1 December 2026, 19:00, New York time" in moved.text
    assert "It is now: Tuesday 1 December 2026, 18:00, New York time" in moved.text
    assert parts([moved]) == [("REQUEST", "CONFIRMED", "3")]


def test_call_moved_and_moved_back_within_one_letter_is_no_news(studio: Studio, ken: Invited) -> None:
    ken.confirmed(1)
    studio.move("2026-12-01T17:00:00", 1)
    studio.clock.advance(minutes=11)
    studio.write()
    studio.move("2026-12-01T19:00:00", 1)
    studio.clock.advance(minutes=11)
    studio.write()
    studio.wait(hours=12)

    assert len(ken.letters()) == 2
    assert reasons(studio, "guest_news") == ["the guest knows already"]


def test_cancelled_call_is_cancelled_for_the_guest_and_restored_with_a_higher_sequence(studio: Studio, ken: Invited) -> None:
    ken.confirmed(1)
    studio.ask("cancel", 1, reason="Rain")
    studio.wait(hours=12)
    studio.wait(hours=12)
    studio.ask("restore", 1)
    studio.wait(hours=12)
    studio.wait(hours=12)

    off, on = ken.letters()[2:]
    assert subjects([off, on]) == [
        "Your call as guest is cancelled: Ask Tara, Wed 2 Dec 2026",
        "Your call as guest takes place after all: Ask Tara, Wed 2 Dec 2026",
    ]
    assert parts([off, on]) == [("CANCEL", "CANCELLED", "2"), ("REQUEST", "CONFIRMED", "3")]


def test_held_date_of_a_call_that_is_cancelled_is_taken_back_in_one_letter(studio: Studio, ken: Invited) -> None:
    ken.choose(1)
    studio.work()
    studio.ask("cancel", 1, reason="Rain")
    studio.wait(hours=12)
    studio.wait(hours=12)

    [off] = ken.letters()[2:]
    assert (off.subject, parts([off])) == (
        "Your call as guest is cancelled: Ask Tara, Wed 2 Dec 2026",
        [("CANCEL", "CANCELLED", "2")],
    )


def test_guest_who_gives_back_is_echoed_and_the_host_is_offered_the_understudy(studio: Studio, ken: Invited) -> None:
    name_understudy(studio, on_bench(studio, MIA))
    ken.confirmed()
    ken.decline("The flu")
    studio.work()

    echo, told = ken.letters()[-1], letters_to(studio, HOST)[-1]
    assert (echo.subject, parts([echo])) == ("You gave the date back: Ask Tara, Wed 25 Nov 2026", [("CANCEL", "", "2")])
    assert told.subject == "Ken Ono cannot come on Tue 24 Nov 2026: Ask Tara"
    assert [it in told.text for it in ("The flu", "Your understudy: Mia Silva.", "/swap")] == [True, True, True]


def test_host_is_not_told_of_what_the_host_did(studio: Studio, ken: Invited) -> None:
    ken.confirmed()
    before = len(letters_to(studio, HOST))
    ken.cancel("Plans changed")
    studio.wait(hours=12)

    assert len(letters_to(studio, HOST)) == before
    assert ken.letters()[-1].subject == "Your date is cancelled: Ask Tara, Wed 25 Nov 2026"


def test_withdrawn_guest_gets_one_letter_that_takes_her_date_back_and_none_after(studio: Studio, ken: Invited) -> None:
    ken.choose(1)
    studio.work()
    ken.withdraw()
    studio.work()
    studio.move("2026-12-01T17:00:00", 1)
    studio.wait(hours=12)
    studio.wait(hours=240)

    assert subjects(ken.letters()[2:]) == ["Invitation withdrawn: Ask Tara, Wed 2 Dec 2026"]


def test_guest_whose_invitation_is_withdrawn_before_it_went_hears_nothing(studio: Studio) -> None:
    ken = invited(studio)
    ken.withdraw()
    studio.work()

    assert ken.letters() == []
    assert reasons(studio, "guest_invited") == ["she has decided, or is asked no more"]


def test_guest_who_wants_no_mail_hears_only_of_what_she_does_herself(studio: Studio, ken: Invited) -> None:
    with studio.database.transaction() as session:
        silencing.silence(session, session.get_one(Guest, ken.guest_id), now=studio.clock.now())
    ken.choose(1)
    studio.work()
    studio.move("2026-12-01T17:00:00", 1)
    studio.wait(hours=12)

    assert subjects(ken.letters()[1:]) == ["Held for you: Ask Tara, Wed 2 Dec 2026"]


def test_letter_that_nobody_asked_for_waits_for_the_guests_morning(studio: Studio, ken: Invited) -> None:
    studio.wait(hours=3)  # midnight in Tokyo
    with ken.invitation() as (session, invitation, _):
        studio.clock.advance(hours=24)
        inviting.nudge(session, invitation, by=studio.by, now=studio.clock.now())
    studio.work()
    at_night = len(ken.letters())
    studio.wait(hours=8)

    assert (at_night, ken.letters()[-1].subject) == (1, "Once more: be our guest on Ask Tara")


def test_nudge_to_somebody_who_holds_a_date_reminds_her_of_that(studio: Studio, ken: Invited) -> None:
    ken.choose(2)
    studio.wait(hours=25)
    with ken.invitation() as (session, invitation, _):
        inviting.nudge(session, invitation, by=studio.by, now=studio.clock.now())
    studio.wait(hours=12)

    assert ken.letters()[-1].subject == "Still held for you: Ask Tara, Wed 9 Dec 2026"


def test_trouble_reaches_the_host_at_once_with_the_way_to_reach_the_guest(studio: Studio, ken: Invited) -> None:
    ken.confirmed()
    with ken.booking() as (session, booking, by):
        checking_in.report_trouble(session, booking, "My voice is gone.", by=by, now=studio.clock.now())
    studio.work()

    told = letters_to(studio, HOST)[-1]
    assert told.subject == "Ken Ono has a problem with Tue 24 Nov 2026: Ask Tara"
    assert [it in told.text for it in ("> My voice is gone.", "+81 3 1234 5678", "/understudy")] == [True, True, True]
    assert told.mail["Reply-To"] == "ken@example.jp"
    assert ken.letters()[-1].subject == "The host knows: Ask Tara, Wed 25 Nov 2026"


def test_swap_tells_everybody_concerned_once(studio: Studio, ken: Invited) -> None:
    """Acceptance case 6: who came for somebody else is told, the old entry is taken back, the new one has a UID of its own."""
    ken.confirmed(1)
    studio.register(ANN, 1)
    studio.work()
    to = name_understudy(studio, on_bench(studio, MIA), number=1)
    studio.wait(hours=1)
    studio.ask("swap", 1, to=to)
    studio.wait(minutes=11)
    studio.wait(hours=12)
    studio.wait(hours=12)

    old, new = ken.letters()[-1], letters_to(studio, "mia@example.com")[-1]
    heard = letters_to(studio, ANN.email)[-1]
    assert subjects([old, new, heard]) == [
        "Somebody else steps in: Ask Tara, Wed 2 Dec 2026",
        "Could you step in? Ask Tara, Wed 2 Dec 2026",
        "Changed: Ask Tara: Mia Silva, Wed 2 Dec 2026",
    ]
    assert parts([old, new, heard]) == [("CANCEL", "", "2"), ("REQUEST", "TENTATIVE", "0"), ("REQUEST", "CONFIRMED", "1")]
    assert old.entry("UID") != new.entry("UID")
    assert len(letters_to(studio, "mia@example.com")) == 1


def test_no_letter_names_another_person_with_an_address(studio: Studio, ken: Invited) -> None:
    studio.register(ANN, 0)
    mia = invited(studio, MIA, numbers=(1,))
    ken.confirmed()
    mia.confirmed(1)

    theirs = [(it.to, it.raw.decode()) for it in [*ken.letters(), *mia.letters(), *letters_to(studio, ANN.email)]]
    everybody = {"ken@example.jp", "mia@example.com", ANN.email}
    assert [(to, other) for to, raw in theirs for other in everybody - {to} if other in raw] == []


def test_what_a_guest_was_told_is_kept_with_the_letter(studio: Studio, ken: Invited) -> None:
    booking_id: UUID = ken.choose(1)
    studio.work()

    with studio.database.reading() as session:
        told, call = session.get_one(ToldGuest, booking_id), studio.call(session, 1)
    assert (told.state, told.call_id, told.starts_at, told.is_cancelled) == ("chosen", call.id, call.starts_at, False)


def test_thanks_go_at_nine_by_the_guests_clock_on_the_day_after(studio: Studio, ken: Invited) -> None:
    ken.confirmed()
    with studio.database.reading() as session:
        over = studio.call(session, 0).ends_at
    studio.until(over + timedelta(hours=30))

    thanks = ken.letters()[-1]
    assert (thanks.subject, thanks.at.isoformat()) == ("Thank you for being on Ask Tara", "2026-11-26T00:00:00+00:00")


