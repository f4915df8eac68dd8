"""Are you still on? One tap for yes; and a page for what stands in the way.

Looking changes nothing: mail scanners follow every link.
"""

from typing import Any

from calls.ground.refusals import Invalid, NotFound, Refusal, Refused
from calls.guests import booking as bookings
from calls.guests import checking_in, dates
from calls.guests.models import Booking
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.guest import visits
from calls.web.guest.visits import Visit
from calls.web.pages import redirect
from calls.web.refusals import status_of

STAY, GIVE = "stay", "give"
WAYS = [
    (STAY, "Tell the host; the date stays mine until we have found something"),
    (GIVE, "I cannot come: give the date back, so that somebody else can step in"),
]
DONE = {"on": "Thank you. The host sees that you are on.", "told": "The host has been told, and will get back to you."}
NOTHING = "No date is held for you now, so there is nothing to say yes to."


@get("/g/{token}/check")
def check(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _check_page(here, Form())


@post("/g/{token}/check")
def say_yes(ask: Ask) -> Answer:
    """Confirm what is held, or say that she is still on."""
    ask.house.limits.check("ask", ask.now, network=ask.client)
    try:
        with visits.doing(ask) as here:
            mine = _standing(here)
            was_held = not mine.is_confirmed
            if was_held:
                bookings.accept(here.session, mine, None, by=here.by, now=here.now)
            else:
                checking_in.check_in(here.session, mine, by=here.by, now=here.now)
    except (Invalid, Refused) as refusal:
        with visits.looking(ask) as here:
            return _check_page(here, _refused(ask.form, refusal), status_of(refusal))
    return redirect(here.address if was_held else f"{ask.path}?done=on")


@get("/g/{token}/trouble")
def trouble(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        mine = _standing(here)
        return _trouble_page(here, Form.of({"words": mine.trouble, "way": STAY}))


@post("/g/{token}/trouble")
def tell(ask: Ask) -> Answer:
    ask.house.limits.check("ask", ask.now, network=ask.client)
    way, words = ask.form.value("way"), ask.form.value("words")
    try:
        with visits.doing(ask) as here:
            mine = _standing(here)
            if way == GIVE:
                bookings.decline(here.session, mine, words, by=here.by, now=here.now)
            elif way == STAY:
                checking_in.report_trouble(here.session, mine, words, by=here.by, now=here.now)
            else:
                raise Invalid({"way": "Choose one of the two."})
    except (Invalid, Refused) as refusal:
        with visits.looking(ask) as here:
            return _trouble_page(here, _refused(ask.form, refusal), status_of(refusal))
    return redirect(here.address if way == GIVE else f"{ask.path}?done=told")


def _standing(here: Visit) -> Booking:
    if here.booking is None or not here.booking.is_standing:
        raise NotFound(NOTHING)
    return here.booking


def when_of(booking: Booking) -> dict[str, Any]:
    """When a booking is, as pages say it."""
    return {
        "starts_at": dates.starts_at(booking),
        "its_zone": dates.zone(booking),
        "minutes": dates.minutes(booking),
        "is_called_off": dates.is_called_off(booking),
    }


def _refused(form: Form, refusal: Refusal) -> Form:
    return form.with_errors(refusal.errors if isinstance(refusal, Invalid) else {"": refusal.sentence})


def _check_page(here: Visit, form: Form, status: int = 200) -> Answer:
    mine, done = _standing(here), here.ask.query.value("done")
    return here.page(
        "guest/check.html",
        status,
        mine=mine,
        form=form,
        **when_of(mine),
        is_open=not dates.is_called_off(mine) and dates.starts_at(mine) > here.now,
        done=DONE["on"] if done == "on" and mine.checked_at else "",
    )


def _trouble_page(here: Visit, form: Form, status: int = 200) -> Answer:
    mine, done = _standing(here), here.ask.query.value("done")
    return here.page(
        "guest/trouble.html",
        status,
        mine=mine,
        form=form,
        **when_of(mine),
        ways=WAYS,
        is_open=not dates.is_called_off(mine) and dates.over_at(mine) > here.now,
        done=DONE["told"] if done == "told" and mine.trouble else "",
    )


PAGES = (check, say_yes, trouble, tell)
