"""The guest's own run sheet: how she is introduced, how to connect, what listeners ask, how the call closes."""

from calls.ground.refusals import NotFound
from calls.web import get, run_sheets
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.guest import visits
from calls.web.guest.filling import NOT_YET


@get("/g/{token}/run-sheet")
def run_sheet(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        booking = here.booking
        if booking is None or booking.call is None or not booking.is_standing:
            raise NotFound(NOT_YET)
        return here.page("guest/run_sheet.html", sheet=run_sheets.of_guest(here.session, booking, booking.call, here.now))


PAGES = (run_sheet,)
