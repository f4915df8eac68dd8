"""Everything that guests and those who look after them are written to about, in some weeks of the studio's show."""

from datetime import timedelta

from calls.calendars import answering, proposing
from calls.calendars import queries as calendars
from calls.calendars.answers import Proposed
from calls.guests import checking_in, dates, inviting
from calls.guests.person import Person
from tests.invited import Invited, invited, name_understudy, on_bench
from tests.studio import Studio


def play(studio: Studio, number: int) -> None:
    """Guests of the calls from this number on; each deed has the time that its letters need."""
    ken = invited(studio, Person("Ken Ono", "ken@example.jp", zone="Asia/Tokyo"), numbers=(number + 3,))
    ken.choose(number + 3)
    studio.wait(hours=12)
    ken.accept(None)
    _pause(studio)
    _around_a_call(studio, ken, number + 3)
    _invitations(studio, number)
    _endings(studio, number + 1)
    with studio.database.reading() as session:
        over = studio.call(session, number + 3).ends_at
    studio.until(over + timedelta(hours=30), minutes=360)


def _around_a_call(studio: Studio, ken: Invited, number: int) -> None:
    """What befalls the call of a confirmed guest, and what she says about it."""
    with studio.database.reading() as session:
        evening = studio.call(session, number).wall
    studio.move((evening + timedelta(hours=1)).isoformat(), number)
    _pause(studio)
    studio.ask("way_in", number, phone="+1 555 010 0199", code="7", web_link="", is_page_only=False)
    _pause(studio)
    studio.ask("cancel", number, reason="Rain")
    _pause(studio)
    studio.ask("restore", number)
    _pause(studio)
    _keep_the_time(studio, ken)
    _pause(studio)
    with ken.booking() as (session, booking, by):
        checking_in.report_trouble(session, booking, "My train is late.\nThe next one is at nine.", by=by, now=studio.clock.now())
    _pause(studio)
    with ken.booking() as (session, booking, by):
        checking_in.check_in(session, booking, by=by, now=studio.clock.now())


def _keep_the_time(studio: Studio, guest: Invited) -> None:
    """A guest's calendar proposes another time, and the host refuses it."""
    with guest.booking() as (session, booking, _):
        entry = calendars.entry_of_booking(session, booking.id)
        assert entry is not None and booking.guest.email is not None and booking.call is not None
        now, starts_at = studio.clock.now(), dates.starts_at(booking) + timedelta(days=1)
        addresses = frozenset({booking.guest.email})
        proposed = Proposed(entry.uid, None, now, addresses, is_authentic=True, starts_at=starts_at, ends_at=None)
        answering.take_proposal(session, proposed, now=now)
        [(proposal, _)] = calendars.open_proposals_of_guests(session, booking.call.id)
        proposing.refuse(session, proposal, booking.call, by=studio.by, now=now)


def _invitations(studio: Studio, number: int) -> None:
    """One is asked twice, asks for another date and says no; one lets her date lapse; one's is withdrawn."""
    asked = invited(studio, Person("Mia Silva", "mia@example.com"), numbers=(number,))
    studio.wait(hours=25)
    with asked.invitation() as (session, invitation, by):
        inviting.nudge(session, invitation, by=studio.by, now=studio.clock.now())
        inviting.ask_for(session, invitation, "Any Friday?", by=by, now=studio.clock.now())
    _pause(studio)
    with asked.invitation() as (session, invitation, by):
        inviting.decline(session, invitation, "Too busy", by=by, now=studio.clock.now())
    _held(studio, "Lou Sand", number)
    studio.wait(hours=73)
    studio.wait(hours=12)
    withdrawn = _held(studio, "Wim Bos", number)
    with withdrawn.invitation() as (session, invitation, _):
        inviting.nudge(session, invitation, by=studio.by, now=studio.clock.now())
    _pause(studio)
    withdrawn.withdraw()
    _pause(studio)


def _endings(studio: Studio, number: int) -> None:
    """Confirmed dates end: one is cancelled, one given back, one taken by the understudy."""
    cancelled = _booked(studio, "Eva Lund", number)
    cancelled.cancel("We have to change our plans.")
    _pause(studio)
    given_back = _booked(studio, "Fay Reed", number)
    given_back.decline("The flu")
    _pause(studio)
    _booked(studio, "Gus Hall", number)
    to = name_understudy(studio, on_bench(studio, Person("Ida Moe", "ida@example.com", zone="America/New_York")), number=number)
    studio.ask("swap", number, to=to)
    _pause(studio)


def _held(studio: Studio, name: str, number: int) -> Invited:
    address = f"{name.split()[0].lower()}@example.com"
    found = invited(studio, Person(name, address, zone="America/New_York"), numbers=(number,))
    found.choose(number)
    _pause(studio)
    return found


def _booked(studio: Studio, name: str, number: int) -> Invited:
    found = _held(studio, name, number)
    found.accept()
    _pause(studio)
    return found


def _pause(studio: Studio) -> None:
    """Long enough for a pending change, for two letters about one call, and for a night in New York and in Tokyo."""
    for hours in (0.2, 0.5, 12, 12):
        studio.wait(hours=hours)
