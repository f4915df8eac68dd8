"""Move, cancel, restore and skip a call, change its guest and its way in: form, preview, Send, Undo."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from httpx import Response

from calls import pending
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.models import Change
from calls.joining import queries as joining
from calls.joining.models import Room
from calls.shows.models import Call, Pending, Show
from calls.team.models import Member
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_pass, a_registration, a_show, an_attendee
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import carried, errors, items, words

EVERY_CHANGE = ("time", "cancellation", "restoration", "skip", "guest", "way-in", "shared-way-in")
WEDNESDAY = {"day": "2026-11-25", "time": "20:30", "zone": "America/New_York", "minutes": "90"}


@pytest.fixture
def call(database: Database, show: Show) -> Call:
    """A call of which four people would hear, one of them has no address and one holds a pass."""
    with database.transaction() as session:
        call = a_call(session, show, guest_name="Dr. Ono")
        for email in ("a@example.com", "b@example.com", None):
            a_registration(session, call, an_attendee(session, account_id=show.account_id, email=email))
        holder = an_attendee(session, account_id=show.account_id, email="p@example.com")
        a_registration(session, call, holder, pass_id=a_pass(session, show, holder).id)
        return call


@pytest.fixture
def lone(database: Database, show: Show) -> Call:
    """A call that nobody is registered for."""
    with database.transaction() as session:
        return a_call(session, show, wall=FIRST_CALL + timedelta(days=7))


def now(database: Database, call: Call) -> Call:
    with database.reading() as session:
        return session.get_one(Call, call.id)


def waiting(database: Database) -> list[tuple[str, dict[str, object]]]:
    with database.reading() as session:
        return [(it.kind, it.facts) for it in session.scalars(sa.select(Pending))]


def send(browser: Browser, preview: Response, path: str) -> Response:
    return browser.post(path, {**carried(preview), "deed": "send"})


def take_effect(database: Database, clock: SetClock) -> None:
    clock.advance(minutes=10)
    with database.transaction() as session:
        assert pending.take_next(session, clock.now())


def test_move_is_previewed_sent_and_takes_effect_after_ten_minutes(
    database: Database, browser: Browser, clock: SetClock, call: Call
) -> None:
    path = f"/host/calls/{call.id}/time"
    form = browser.get(path)
    preview = browser.post(path, WEDNESDAY)
    unmoved = now(database, call).starts_at
    answer = send(browser, preview, path)
    page = browser.get(answer.headers["location"])
    before = now(database, call).starts_at
    take_effect(database, clock)

    assert (form.status_code, 'value="2026-11-24"' in form.text, 'value="19:00"' in form.text) == (200, True, True)
    assert words(preview).startswith(
        "Move the call Dr. Ono Now Tuesday 24 November 2026, 19:00, New York time (UTC−05:00), for 60 minutes "
        "From then on Wednesday 25 November 2026, 20:30, New York time (UTC−05:00), for 90 minutes Who will hear of it"
    )
    assert items(preview) == [
        "3 attendees get a mail with the old and the new time, and their calendars follow.",
        "One has no e-mail address: please ring them.",
        "Among them is one who holds a pass for the whole show.",
        "For ten minutes after you press Send you can undo it. Until then nobody hears anything and no page changes.",
    ]
    assert (answer.status_code, answer.headers["location"]) == (303, f"/host/calls/{call.id}")
    assert "Sent in 10 minutes. Nobody has heard of it yet." in words(page)
    assert (unmoved, before, now(database, call).starts_at) == (
        call.starts_at, call.starts_at, datetime.fromisoformat("2026-11-26T01:30:00+00:00"),
    )  # fmt: skip


def test_preview_alone_changes_nothing(database: Database, browser: Browser, call: Call, lone: Call) -> None:
    for it in (call, lone):
        browser.post(f"/host/calls/{it.id}/time", WEDNESDAY | {"time": "18:00"})
        browser.post(f"/host/calls/{it.id}/cancellation", {"reason": "Ill"})
        browser.get(f"/host/calls/{it.id}/skip")

    with database.reading() as session:
        assert session.scalars(sa.select(Change.kind)).all() == ["member.signed_in"]
    assert waiting(database) == []
    assert now(database, lone).starts_at == lone.starts_at


def test_undo_takes_a_move_back_and_nobody_has_heard(database: Database, browser: Browser, call: Call) -> None:
    path = f"/host/calls/{call.id}/time"
    send(browser, browser.post(path, WEDNESDAY), path)
    with database.reading() as session:
        waits = session.scalars(sa.select(Pending.id)).one()
    answer = browser.post(f"/host/pending/{waits}/undo")
    page = browser.get(answer.headers["location"])

    assert (answer.headers["location"], waiting(database)) == (f"/host/calls/{call.id}?done=undone", [])
    assert words(page).startswith("Undone. Nobody has heard anything. Dr. Ono")


def test_send_posted_twice_is_one_change(database: Database, browser: Browser, call: Call) -> None:
    path = f"/host/calls/{call.id}/time"
    preview = browser.post(path, WEDNESDAY)
    first, second = send(browser, preview, path), send(browser, preview, path)

    assert (first.status_code, second.status_code, len(waiting(database))) == (303, 409, 1)
    assert errors(second) == ["Another change is about to be sent. Undo that one first, or wait until it has gone out."]


def test_change_that_nobody_hears_of_takes_effect_at_once(database: Database, browser: Browser, lone: Call) -> None:
    path = f"/host/calls/{lone.id}/time"
    preview = browser.post(path, WEDNESDAY)
    answer = send(browser, preview, path)

    assert items(preview) == ["Nobody is registered, so nobody has to be told.", "The change takes effect at once."]
    assert answer.headers["location"] == f"/host/calls/{lone.id}?done=changed"
    assert (now(database, lone).minutes, waiting(database)) == (90, [])


def test_change_within_three_hours_says_first_that_it_goes_at_once(
    database: Database, browser: Browser, clock: SetClock, call: Call
) -> None:
    clock.set(call.starts_at - timedelta(hours=3))
    path = f"/host/calls/{call.id}/time"
    preview = browser.post(path, WEDNESDAY)
    answer = send(browser, preview, path)

    assert items(preview)[-1] == (
        "A call that starts within three hours is touched, so this takes effect at once and cannot be undone."
    )
    assert answer.headers["location"] == f"/host/calls/{call.id}?done=sent"
    assert (now(database, call).minutes, waiting(database)) == (90, [])


def test_send_shows_first_what_is_other_by_now(database: Database, browser: Browser, clock: SetClock, call: Call) -> None:
    path = f"/host/calls/{call.id}/cancellation"
    preview = browser.post(path, {"reason": "Ill"})
    clock.set(call.starts_at - timedelta(hours=2))
    again = send(browser, preview, path)
    answer = send(browser, again, path)

    assert (again.status_code, "Something has changed since you looked." in words(again)) == (200, True)
    assert answer.headers["location"] == f"/host/calls/{call.id}?done=sent"


def test_form_comes_back_with_what_was_typed(browser: Browser, call: Call) -> None:
    path = f"/host/calls/{call.id}/time"
    form = browser.post(path, {**carried(browser.post(path, WEDNESDAY)), "deed": "change"})

    assert (form.status_code, 'value="20:30"' in form.text, "Show who will hear of it" in form.text) == (200, True, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": ""}, "Give a day."),
        ({"day": "25.11.2026"}, "Give a day as a date, like 2026-11-03."),
        ({"time": "20:30:15"}, "Give the time in hours and minutes, like 19:00."),
        ({"zone": "Mars/Olympus"}, "That time zone is not known; choose one like America/New_York."),
        ({"zone": "../etc/passwd"}, "That time zone is not known; choose one like America/New_York."),
        ({"minutes": "4"}, "Give a length between 5 minutes and 24 hours."),
        ({"minutes": "9" * 5000}, "Give a length in minutes as a whole number."),
        ({"day": "2026-11-21"}, "That time is past; choose one still to come."),
        ({"day": "9999-12-31"}, "A date must lie between the years 1970 and 2200."),
    ],
)
def test_time_that_cannot_be_is_refused(
    database: Database, browser: Browser, call: Call, typed: dict[str, str], said: str
) -> None:
    answer = browser.post(f"/host/calls/{call.id}/time", WEDNESDAY | typed)

    assert (answer.status_code in {409, 422}, errors(answer), waiting(database)) == (True, [said], [])


def test_move_onto_another_call_is_refused(browser: Browser, call: Call, lone: Call) -> None:
    answer = browser.post(f"/host/calls/{call.id}/time", WEDNESDAY | {"day": "2026-12-01", "time": "18:30"})

    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert "Tuesday 1 December 2026 at 19:00 (New York time)" in errors(answer)[0]


def test_time_that_the_clocks_skip_is_warned_of(browser: Browser, call: Call) -> None:
    preview = browser.post(f"/host/calls/{call.id}/time", WEDNESDAY | {"day": "2027-03-14", "time": "02:30"})

    assert preview.status_code == 200
    assert "02:30 on 14 March 2027 does not exist in New York; the call would start at 03:30." in words(preview)


def test_time_that_the_clocks_show_twice_is_asked_for(database: Database, browser: Browser, clock: SetClock, call: Call) -> None:
    path, typed = f"/host/calls/{call.id}/time", WEDNESDAY | {"day": "2027-11-07", "time": "01:30"}
    asked = browser.post(path, typed)
    preview = browser.post(path, typed | {"fold": "1"})
    send(browser, preview, path)
    take_effect(database, clock)

    assert (asked.status_code, errors(asked)) == (422, ["On that day the clocks show 01:30 twice; choose which one you mean."])
    assert ("The first time, UTC−04:00" in asked.text, "The second time, UTC−05:00" in asked.text) == (True, True)
    assert "Mind the clocks 01:30 on 7 November 2027 comes twice in New York" in words(preview)
    assert now(database, call).starts_at == datetime.fromisoformat("2027-11-07T06:30:00+00:00")


def test_call_is_cancelled_with_its_reason_and_restored(
    database: Database, browser: Browser, clock: SetClock, call: Call
) -> None:
    path, back = f"/host/calls/{call.id}/cancellation", f"/host/calls/{call.id}/restoration"
    preview = browser.post(path, {"reason": "Tara is ill.\nSorry!"})
    send(browser, preview, path)
    take_effect(database, clock)
    cancelled = now(database, call)
    restoring = browser.get(back)
    send(browser, restoring, back)
    take_effect(database, clock)

    assert "Reason Tara is ill. Sorry!" in words(preview)
    assert items(preview)[0] == "3 attendees get a mail that the call is cancelled, and their calendars follow."
    assert (cancelled.cancelled_at is not None, cancelled.reason) == (True, "Tara is ill.\nSorry!")
    assert items(restoring)[0] == "3 attendees get a mail that the call takes place after all, and their calendars follow."
    assert now(database, call).cancelled_at is None


def test_date_is_left_out(database: Database, browser: Browser, clock: SetClock, call: Call) -> None:
    path = f"/host/calls/{call.id}/skip"
    send(browser, browser.get(path), path)
    take_effect(database, clock)
    page = browser.get(f"/host/calls/{call.id}")

    assert now(database, call).is_skipped
    assert ("Skipped" in words(page), "Left this date out." in words(page)) == (True, True)


def test_date_of_a_draft_vanishes_and_leads_to_the_show(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        draft = a_show(session, account_id=owner.account_id, published_at=None)
        call = a_call(session, draft)
    path = f"/host/calls/{call.id}/skip"
    answer = send(browser, browser.get(path), path)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/host/shows/{draft.id}?done=changed")
    with database.reading() as session:
        assert session.get(Call, call.id) is None


def test_date_of_a_draft_with_a_way_in_of_its_own_is_left_out_too(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        draft = a_show(session, account_id=owner.account_id, published_at=None)
        call = a_call(session, draft)
        session.add(Room(show_id=draft.id, call_id=call.id, phone="+1 555 010 0199", created_at=NOW))
    path = f"/host/calls/{call.id}/skip"
    answer = send(browser, browser.get(path), path)

    assert answer.headers["location"] == f"/host/calls/{call.id}?done=changed"
    assert now(database, call).is_skipped


def test_guest_is_changed(database: Database, browser: Browser, clock: SetClock, call: Call) -> None:
    path = f"/host/calls/{call.id}/guest"
    preview = browser.post(path, {"guest_name": " Dr.  Fox\u202e "})
    send(browser, preview, path)
    take_effect(database, clock)

    assert "Now Dr. Ono From then on Dr. Fox Who will hear of it" in words(preview)
    assert now(database, call).guest_name == "Dr. Fox"


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [("Dr. Ono", 409, "That is the guest already."), ("x" * 10_000, 422, "Give a name of at most 200 characters.")],
)
def test_guest_is_refused(browser: Browser, call: Call, name: str, status: int, said: str) -> None:
    answer = browser.post(f"/host/calls/{call.id}/guest", {"guest_name": name})

    assert (answer.status_code, errors(answer)) == (status, [said])


def test_call_gets_a_way_in_of_its_own_and_gives_it_back(
    database: Database, browser: Browser, clock: SetClock, call: Call
) -> None:
    path, back = f"/host/calls/{call.id}/way-in", f"/host/calls/{call.id}/shared-way-in"
    form = browser.get(path)
    preview = browser.post(path, {"phone": "+1 555 010 0199", "web_link": "https://meet.example/x", "is_page_only": "yes"})
    send(browser, preview, path)
    take_effect(database, clock)
    with database.reading() as session:
        own = joining.way_in(session, now(database, call))
    send(browser, browser.get(back), back)
    take_effect(database, clock)
    with database.reading() as session:
        shared = joining.way_in(session, now(database, call))

    assert 'value="+1 555 010 0100"' in form.text
    assert (
        "Now +1 555 010 0100, code 48213# From then on "
        "+1 555 010 0199, or https://meet.example/x (number and code on our page only)"
    ) in words(preview)
    assert (own.phone, own.web_link, own.is_page_only) == ("+1 555 010 0199", "https://meet.example/x", True)
    assert (shared.phone, shared.code) == ("+1 555 010 0100", "48213#")


def test_way_in_is_refused_beside_its_fields(browser: Browser, call: Call) -> None:
    answer = browser.post(f"/host/calls/{call.id}/way-in", {"phone": "ring me", "web_link": "javascript:alert(1)"})

    assert (answer.status_code, len(errors(answer))) == (422, 2)


def test_change_of_a_call_that_is_over_or_cancelled_tells_nobody(
    database: Database, browser: Browser, clock: SetClock, call: Call
) -> None:
    with database.transaction() as session:
        session.get_one(Call, call.id).cancelled_at = NOW
    cancelled = browser.post(f"/host/calls/{call.id}/guest", {"guest_name": "Dr. Fox"})
    clock.set(call.ends_at)
    over = browser.post(f"/host/calls/{call.id}/guest", {"guest_name": "Dr. Fox"})

    assert items(cancelled) == ["Nobody is registered, so nobody has to be told.", "The change takes effect at once."]
    assert items(over) == items(cancelled)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("time", "This call is cancelled; restore it first, then move it."),
        ("cancellation", "This call is cancelled already."),
        ("skip", "This call is cancelled already."),
    ],
)
def test_cancelled_call_says_what_cannot_be_done(database: Database, browser: Browser, call: Call, path: str, said: str) -> None:
    with database.transaction() as session:
        session.get_one(Call, call.id).cancelled_at = NOW
    answer = browser.get(f"/host/calls/{call.id}/{path}")

    assert (answer.status_code, said in words(answer)) == (409, True)


def test_call_that_stands_cannot_be_restored(browser: Browser, call: Call) -> None:
    answer = browser.get(f"/host/calls/{call.id}/restoration")

    assert (answer.status_code, "there is nothing to restore" in words(answer)) == (409, True)


def test_refused_change_says_why_and_is_put_away(database: Database, browser: Browser, call: Call) -> None:
    with database.transaction() as session:
        waits = Pending(
            show_id=call.show_id, call_id=call.id, kind="guest", facts={"guest_name": "Dr. Fox"}, by_name="Tara",
            effect_at=NOW, refused="That is the guest already.", created_at=NOW,
        )  # fmt: skip
        session.add(waits)
    said = words(browser.get(f"/host/calls/{call.id}"))
    answer = browser.post(f"/host/pending/{waits.id}/undo")

    assert "This could not be done when its time came: That is the guest already." in said
    assert (answer.headers["location"], waiting(database)) == (f"/host/calls/{call.id}?done=dismissed", [])


@pytest.mark.parametrize("path", EVERY_CHANGE)
def test_changes_of_another_accounts_call_are_unknown(database: Database, new_browser: NewBrowser, call: Call, path: str) -> None:
    with database.transaction() as session:
        stranger = a_member(session)
    browser = new_browser()
    browser.sign_in(stranger)
    answers = [browser.get(f"/host/calls/{call.id}/{path}"), browser.post(f"/host/calls/{call.id}/{path}", WEDNESDAY)]

    assert [it.status_code for it in answers] == [404, 404]


@pytest.mark.parametrize("path", EVERY_CHANGE)
def test_changes_are_for_members(new_browser: NewBrowser, call: Call, path: str) -> None:
    browser = new_browser()
    answers = [browser.get(f"/host/calls/{call.id}/{path}"), browser.post(f"/host/calls/{call.id}/{path}", WEDNESDAY)]

    assert [it.status_code for it in answers] == [303, 403]


def test_role_that_reaches_nowhere_may_change_nothing(
    database: Database, new_browser: NewBrowser, call: Call, owner: Member
) -> None:
    with database.transaction() as session:
        nobody = a_member(session, account_id=owner.account_id, role="guest")
    browser = new_browser()
    browser.sign_in(nobody)
    got = [browser.get(f"/host/calls/{call.id}/{it}").status_code for it in EVERY_CHANGE]
    posted = [browser.post(f"/host/calls/{call.id}/{it}", WEDNESDAY).status_code for it in ("time", "guest", "skip")]

    assert (set(got), set(posted)) == ({403}, {403})


def test_there_is_no_other_change(browser: Browser, call: Call) -> None:
    assert browser.get(f"/host/calls/{call.id}/deletion").status_code == 404
