"""One person of the bench in the browser: put there, changed, and everything that happened."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests.models import Guest, Picture
from calls.messages.models import Message
from calls.team import roles
from calls.team.models import Member
from tests.builders import NOW, a_booking, a_call, a_guest, a_member, a_show, an_invitation
from tests.web.browsers import Browser
from tests.web.reading import errors, rows, words

NOBODY = "01a204cc-6f23-709c-b912-9b314e2c6846"
KEIKO = {
    "name": "Keiko Ono",
    "email": "Keiko@Example.com",
    "phone": "+81 3",
    "zone": "Asia/Tokyo",
    "met": "https://social.example/@keiko/1",
    "topics": "Sleep",
    "tags": "sleep, Autumn",
    "contacted_on": "2026-11-03",
    "looked_after_by_id": "",
    "notes": "Mornings\r\n*best*",
}


@pytest.fixture
def guest(database: Database, owner: Member) -> Guest:
    with database.transaction() as session:
        return a_guest(session, account_id=owner.account_id, email="keiko@example.com")


def the_guest(database: Database, guest_id: UUID | None = None) -> Guest:
    with database.reading() as session:
        wanted = sa.select(Guest)
        return session.scalars(wanted.where(Guest.id == guest_id) if guest_id else wanted).one()


def test_somebody_is_put_on_the_bench(database: Database, browser: Browser, owner: Member) -> None:
    form = browser.get("/host/guests/new?name=Keiko")

    answer = browser.post("/host/guests/new", KEIKO | {"looked_after_by_id": str(owner.id)})

    it = the_guest(database)
    assert 'value="Keiko"' in form.text and f'<option value="{owner.id}" selected>' in form.text
    assert (answer.status_code, answer.headers["location"]) == (303, f"/host/guests/{it.id}?done=added")
    assert (it.name, it.email, it.tags) == ("Keiko Ono", "keiko@example.com", ["autumn", "sleep"])
    assert (it.contacted_on, it.notes) == (date(2026, 11, 3), "Mornings\n*best*")
    assert (it.looked_after_by_id, it.account_id) == (owner.id, owner.account_id)
    page = browser.get(answer.headers["location"])
    assert "On the bench." in words(page) and "<em>best</em>" in page.text
    assert 'href="https://social.example/@keiko/1" rel="noreferrer"' in page.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, ["Give a name."]),
        ({"email": "keiko", "name": ""}, ["Give a name.", "Enter one e-mail address, like name@example.com."]),
        ({"phone": "1" * 41}, ["Use at most 40 characters."]),
        ({"contacted_on": "yesterday"}, ["Give the day as a date, like 2026-11-03."]),
        ({"zone": "Nowhere"}, ["That time zone is not known; choose one from the list."]),
        ({"looked_after_by_id": NOBODY}, ["Choose somebody from the list."]),
        ({"looked_after_by_id": "x"}, ["Choose one from the list."]),
    ],
)
def test_wrong_form_says_why_and_keeps_what_was_typed(
    browser: Browser, owner: Member, wrong: dict[str, str], said: list[str]
) -> None:
    answer = browser.post("/host/guests/new", KEIKO | wrong | {"topics": "Typed <here>"})

    assert (answer.status_code, errors(answer)) == (422, said)
    assert 'value="Typed &lt;here&gt;"' in answer.text
    assert "<title>Error: " in answer.text


def test_address_that_is_taken_leads_to_whose_it_is(browser: Browser, owner: Member, guest: Guest) -> None:
    answer = browser.post("/host/guests/new", KEIKO)

    assert (answer.status_code, errors(answer)) == (422, ["Somebody on the bench has that address already."])
    assert f'href="/host/guests/{guest.id}"' in answer.text


def test_what_is_kept_is_changed(database: Database, browser: Browser, owner: Member, guest: Guest) -> None:
    form = browser.get(f"/host/guests/{guest.id}/change")

    answer = browser.post(f"/host/guests/{guest.id}/change", KEIKO)

    assert 'value="keiko@example.com"' in form.text
    assert answer.headers["location"] == f"/host/guests/{guest.id}?done=saved"
    assert the_guest(database).phone == "+81 3"
    assert rows(browser.get(f"/host/guests/{guest.id}"))[0][1] == (
        "Changed phone number, time zone, where you met, topics, notes, tags and last contact."
    )


def test_changing_to_an_address_of_another_offers_to_merge(
    database: Database, browser: Browser, owner: Member, guest: Guest
) -> None:
    with database.transaction() as session:
        other = a_guest(session, account_id=owner.account_id, name="Rosa")

    answer = browser.post(f"/host/guests/{other.id}/change", KEIKO)

    assert answer.status_code == 422
    assert f'href="/host/guests/{other.id}/merge?double={guest.id}"' in answer.text
    assert the_guest(database, other.id).name == "Rosa"


def test_deeds_of_one_button(database: Database, browser: Browser, clock: SetClock, owner: Member, guest: Guest) -> None:
    with database.transaction() as session:
        a_show(session, account_id=owner.account_id, zone="Pacific/Auckland")
        a_guest(session, account_id=owner.account_id, place=1)
    path = f"/host/guests/{guest.id}"

    answers = [browser.post(f"{path}/{deed}").headers["location"] for deed in ("contact", "care", "turn")]

    it = the_guest(database, guest.id)
    assert answers == [f"{path}?done=saved", f"{path}?done=saved", f"{path}?done=turn"]
    assert (it.contacted_on, it.looked_after_by_id, it.place) == (date(2026, 11, 23), owner.id, 2)
    browser.post(f"{path}/turn", {"out": "yes"})
    assert the_guest(database, guest.id).place is None


def test_page_tells_everything_that_happened(database: Database, browser: Browser, owner: Member, guest: Guest) -> None:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, name="Ask Tara")
        was = a_call(session, show, starts_at=NOW - timedelta(days=7), title="Sleep well")
        a_booking(session, guest, was)
        an_invitation(session, guest, show, state="declined", reason="Too <busy>")
        about = {"kind": "registration_confirmed", "guest_id": guest.id, "account_id": owner.account_id, "facts": {}}
        session.add(Message(key="x", due_at=NOW, created_at=NOW, **about))
    browser.post(f"/host/guests/{guest.id}/turn")

    page = browser.get(f"/host/guests/{guest.id}")

    assert "Aired Has been on a call." in words(page)
    assert rows(page) == [
        ["Sun 15 Nov 2026, 07:00 New York", "Sleep well", "Confirmed"],
        ["Sun 22 Nov 2026, 07:00 New York", "Ask Tara", "Declined Too <busy>"],
        ["Sun 22 Nov 2026, 07:00 New York", "Ask Tara", "Taken"],
        ["Registered for a call", "Sun 22 Nov 2026, 07:00 New York", "Waiting"],
        ["Sun 22 Nov 2026, 07:00 New York Tara Fields", "Gave them turn 1."],
    ]


def test_page_of_somebody_without_a_story_begins_with_the_bench(browser: Browser, owner: Member, guest: Guest) -> None:
    assert rows(browser.get(f"/host/guests/{guest.id}")) == [["Sun 22 Nov 2026, 12:00 UTC", "Put on the bench."]]


def test_what_the_guest_sent_in_is_shown_and_runs_nothing(
    database: Database, browser: Browser, owner: Member, guest: Guest
) -> None:
    with database.transaction() as session:
        picture = Picture(account_id=owner.account_id, digest="d" * 64, square=b"", wide=b"", created_at=NOW)
        session.add(picture)
        session.flush()
        it = session.get_one(Guest, guest.id)
        it.bio, it.picture_id = "**Sleep** <script>alert(1)</script>", picture.id
        it.links, it.met = ["https://keiko.example", "javascript:alert(1)"], "javascript:alert(1)"

    page = browser.get(f"/host/guests/{guest.id}").text

    assert "<strong>Sleep</strong> &lt;script&gt;" in page
    assert f'src="/pictures/{picture.id}-dddddddddddddddd/square.jpg"' in page
    assert 'href="https://keiko.example"' in page and 'href="javascript' not in page


def test_likely_double_is_pointed_at(database: Database, browser: Browser, owner: Member, guest: Guest) -> None:
    with database.transaction() as session:
        other = a_guest(session, account_id=owner.account_id, name="Ono, Keiko")
        a_guest(session, name="Keiko Ono")

    page = browser.get(f"/host/guests/{guest.id}")

    assert "Likely the same person: the same name" in words(page)
    assert page.text.count("?double=") == 1 and f"/merge?double={other.id}" in page.text


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"silenced_at": NOW}, "Wants no more mail."),
        ({"bounced_at": NOW, "bounce": "550 <No>"}, "Mail comes back: 550 <No>"),
        ({"email": None}, "none yet: can’t be invited"),
    ],
)
def test_who_cannot_be_written_to_is_not_invited(
    database: Database, browser: Browser, owner: Member, facts: dict[str, object], said: str
) -> None:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id)
        guest = a_guest(session, account_id=owner.account_id, **facts)
        reached = a_guest(session, account_id=owner.account_id)

    page = browser.get(f"/host/guests/{guest.id}")

    assert said in words(page) and "/invitations/new" not in page.text
    assert f"/host/shows/{show.id}/invitations/new?guest={reached.id}" in browser.get(f"/host/guests/{reached.id}").text


def test_double_leads_to_whom_it_was_merged_into(database: Database, browser: Browser, owner: Member, guest: Guest) -> None:
    with database.transaction() as session:
        double = a_guest(session, account_id=owner.account_id, merged_into_id=guest.id)

    assert browser.get(f"/host/guests/{double.id}").headers["location"] == f"/host/guests/{guest.id}"


DEEDS = [
    *(("GET", it) for it in ("", "/change", "/merge")),
    *(("POST", it) for it in ("/change", "/contact", "/care", "/turn", "/merge")),
]


@pytest.mark.parametrize(("method", "more"), DEEDS)
def test_guest_of_another_account_is_unknown(
    database: Database, browser: Browser, owner: Member, method: str, more: str
) -> None:
    with database.transaction() as session:
        stranger = a_guest(session, name="Stranger")

    for id in (str(stranger.id), NOBODY, "x"):
        path = f"/host/guests/{id}{more}"
        assert (browser.get(path) if method == "GET" else browser.post(path, KEIKO)).status_code == 404
    assert the_guest(database).name == "Stranger"


@pytest.mark.parametrize(("method", "more"), DEEDS)
def test_host_looks_and_does_nothing(
    database: Database, browser: Browser, owner: Member, guest: Guest, method: str, more: str
) -> None:
    with database.transaction() as session:
        lea = a_member(session, account_id=owner.account_id, role=roles.HOST)
        other = a_guest(session, account_id=owner.account_id)
    browser.sign_in(lea)
    path = f"/host/guests/{guest.id}{more}"

    form = KEIKO | {"double": str(other.id), "deed": "merge"}
    code = (browser.get(path) if method == "GET" else browser.post(path, form)).status_code

    it = the_guest(database, guest.id)
    assert code == (403 if more else 200)
    assert (it.phone, it.place, it.contacted_on, it.looked_after_by_id) == ("", None, None, None)


@pytest.mark.parametrize("path", ["/host/guests/new", "/host/guests/import"])
def test_host_puts_nobody_on_the_bench(database: Database, browser: Browser, owner: Member, path: str) -> None:
    with database.transaction() as session:
        lea = a_member(session, account_id=owner.account_id, role=roles.HOST)
    browser.sign_in(lea)

    codes = [browser.get(path).status_code, browser.post(path, KEIKO | {"text": "Ann"}).status_code]
    codes.append(browser.post(path, {"text": "Ann", "deed": "import"}).status_code)

    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Guest)) == 0
    assert codes == [403] * 3
