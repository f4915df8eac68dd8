"""Which page a guest's link shows: what she is asked, what is held for her, what is agreed on, or that it is all over."""

from typing import Any

from calls.ground import text
from calls.ground.markdown import markdown_to_text
from calls.guests import noting, queries
from calls.guests.models import Booking, Prep
from calls.shows.models import Show
from calls.web.answers import Answer
from calls.web.forms import Form
from calls.web.guest import choices
from calls.web.guest.visits import Visit
from calls.web.public.zone_choices import zone_choices
from calls.wishes import queries as wishes

ENDED = {"declined", "withdrawn", "lapsed"}
ABOUT = 400
DONE = {
    "asked": "Your words are with the host. You hear by mail when there is another date.",
    "released": "Saved.",
}


def page_of(here: Visit, form: Form | None = None, status: int = 200) -> Answer:
    """The page for where things stand; the form is what was typed and refused."""
    booking = here.booking
    done = DONE.get(here.ask.query.value("done"), "")
    if booking and booking.is_standing:
        return _booking_page(here, booking, form, status, done)
    if here.invitation.state in ENDED:
        gone = 200 if here.invitation.state == "declined" else 410
        return here.page("guest/gone.html", gone, ended=booking, form=form or Form())
    lapsed = booking if booking and booking.state == "lapsed" else None
    facts = {"form": form or Form(), "lapsed": lapsed, "done": done, "zones": zone_options(here), **dates(here), **about(here)}
    return here.page("guest/invitation.html", status, **facts)


def _booking_page(here: Visit, booking: Booking, form: Form | None, status: int, done: str) -> Answer:
    prep = here.session.get(Prep, booking.id)
    known = {"name": here.guest.name, "phone": here.guest.phone, "topic": ""}
    if prep:
        known = {"name": prep.name, "phone": prep.phone, "topic": prep.topic}
    template = "guest/booked.html" if booking.is_confirmed else "guest/held.html"
    return here.page(
        template,
        status,
        form=form or Form.of(known),
        prep=prep,
        starts_at=noting.starts_at(booking),
        its_zone=booking.call.zone if booking.call else booking.zone,
        minutes=booking.call.minutes if booking.call else booking.minutes,
        terms=queries.conditions_of(here.session, here.show.id),
        zones=zone_options(here),
        done=done,
    )


def dates(here: Visit) -> dict[str, Any]:
    """The dates that are free, by month, and how many."""
    free = choices.of_invitation(here.session, here.invitation, here.now)
    return {"months": choices.by_month(free, here.zone), "number": len(free)}


def about(here: Visit) -> dict[str, Any]:
    """Who asks her, for how long, and who asked for her."""
    return {
        "about": about_show(here.show),
        "votes": wishes.votes_for(here.session, here.show.id, here.guest.id),
        "terms": queries.conditions_of(here.session, here.show.id),
    }


def about_show(show: Show) -> str:
    """The first paragraph of what the show says of itself, as far as there is room."""
    return text.excerpt(markdown_to_text(show.description).partition("\n\n")[0], ABOUT)


def zone_options(here: Visit) -> object:
    """The options of the choice of a time zone."""
    return zone_choices(here.zone, here.zone)
