"""The guest's own page: what she is asked, the dates that are free, and what has become of the one she chose."""

from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from calls.ground import zones
from calls.ground.refusals import Invalid, NotFound, Refusal
from calls.guests import booking, inviting, slot_queries, stages
from calls.shows import queries as shows
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.guest import choices, shown, visits
from calls.web.guest.choices import Choice
from calls.web.guest.visits import Visit
from calls.web.pages import redirect
from calls.web.refusals import status_of

NONE_CHOSEN = "Choose one of the dates first."


@get("/g/{token}")
def page(ask: Ask) -> Answer:
    _note_opened(ask)
    with ask.house.database.reading() as session:
        return shown.page_of(visits.opened(ask, session))


@post("/g/{token}")
def choose(ask: Ask) -> Answer:
    """Hold the date that was chosen; who comes too late sees what is left."""
    try:
        with visits.doing(ask) as here:
            inviting.open_page(here.session, here.invitation, now=here.now)
            _choose(here, ask.form.value("date"))
    except NotFound:
        raise
    except Refusal as refusal:
        errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.sentence}
        with ask.house.database.reading() as session:
            return shown.page_of(visits.opened(ask, session), ask.form.with_errors(errors), status_of(refusal))
    return redirect(here.address)


@get("/g/{token}/date")
def other(ask: Ask) -> Answer:
    """The other dates, while one is held."""
    with visits.looking(ask) as here:
        held = here.booking
        if held is None or not held.is_standing:
            return redirect(here.address)
        stages.after(stages.BOOKINGS, held.state, "choose")
        return here.page("guest/date.html", form=Form(), **shown.dates(here))


@post("/g/{token}/zone")
def change_zone(ask: Ask) -> Answer:
    """Show the times as the clocks of another zone have them; mails say them so too."""
    with visits.doing(ask) as here:
        zone = ask.form.value("zone")
        zones.zone(zone)
        here.guest.zone = zone
    return redirect(here.address)


def _choose(here: Visit, value: str) -> None:
    invitation, by, now = here.invitation, here.by, here.now
    if not value:
        raise Invalid({"date": NONE_CHOSEN})
    if invitation.purpose == "call":
        call = next((it for it in shows.calls_to_come(here.session, [here.show.id], now, 500) if str(it.id) == value), None)
        if call is None:
            raise booking.Taken
        booking.choose(here.session, invitation, call, by=by, now=now)
        return
    slot = _slot(here, value)
    booking.choose_slot(here.session, invitation, slot.starts_at, slot.minutes, slot.zone, by=by, now=now)


def _slot(here: Visit, value: str) -> Choice:
    """The time in the open hours that is meant. Raises Taken where it is not free any more."""
    held, hours = here.booking, slot_queries.hours_of(here.session, here.show.id)
    free = choices.of_invitation(here.session, here.invitation, here.now)
    if held and held.is_standing and held.starts_at and hours:
        free = [*free, choices.at(held.starts_at, hours)]
    found = next((it for it in free if it.value == value), None)
    if found is None:
        raise booking.Taken
    return found


def _note_opened(ask: Ask) -> None:
    """Note that a person looked for the first time. What fetches pages ahead of people does not say that it opens a document."""
    if ask.method != "GET" or ask.header("sec-fetch-dest") != "document":
        return
    with ask.house.database.reading() as session:
        is_known = visits.opened(ask, session).invitation.opened_at is not None
    if not is_known:
        with suppress(SQLAlchemyError), ask.house.database.transaction() as session:
            inviting.open_page(session, visits.opened(ask, session).invitation, now=ask.now)


PAGES = (page, choose, other, change_zone)
