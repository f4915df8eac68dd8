"""A host's word on bookings: say yes to a chosen date, cancel one, and say how many guests a call takes."""

from calls.ground.refusals import Invalid
from calls.guests import booking as acts
from calls.guests import noting, placing
from calls.guests.models import Booking
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import asked, visits
from calls.web.pages import redirect


@post("/host/bookings/{booking_id}/approval")
def approve(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        booking = here.booking()
        acts.approve(here.session, booking, by=here.by, now=here.now)
        return redirect(f"{page_of(booking)}?done=approved")


@get("/host/bookings/{booking_id}/cancellation")
def cancellation(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("invite guests")
        booking = here.booking()
        return here.page(
            "host/booking_cancellation.html",
            booking=booking,
            show=booking.show,
            form=Form(),
            back=page_of(booking),
            starts_at=noting.starts_at(booking),
            zone=booking.call.zone if booking.call else booking.zone,
            standing=asked.standing_of(booking),
        )


@post("/host/bookings/{booking_id}/cancellation")
def cancel(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        booking, form = here.booking(), ask.form
        is_asked_again = form.has("is_asked_again")
        acts.cancel(
            here.session, booking, form.value("reason"), is_asked_again=is_asked_again, by=here.by, now=here.now
        )
        return redirect(f"{page_of(booking)}?done=cancelled")


@post("/host/calls/{call_id}/guest-places")
def set_places(ask: Ask) -> Answer:
    typed = ask.form.value("guest_places")
    with visits.doing(ask) as here:
        call = here.call()
        if not typed.isdecimal() or len(typed) > 3:
            raise Invalid({"guest_places": "Give a number of guests."})
        placing.set_places(here.session, call, int(typed), by=here.by, now=here.now)
        return redirect(f"/host/calls/{call.id}?done=saved")


def page_of(booking: Booking) -> str:
    """Where a host sees it: on its call, else among the invitations of the show."""
    return f"/host/calls/{booking.call_id}" if booking.call_id else f"/host/shows/{booking.show_id}/invitations"


PAGES = (approve, cancellation, cancel, set_places)
