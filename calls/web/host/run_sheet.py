"""The sheet from which a call is led: one page in large type, for paper and for a phone."""

from calls.web import get, run_sheets
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host import rows, visits


@get("/host/calls/{call_id}/run-sheet")
def run_sheet(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("see registrations")
        call = here.call()
        sheet = run_sheets.of_host(here.session, call, here.now)
        return here.page("host/run_sheet.html", sheet=sheet, call=call, state=rows.state(call, here.now))


PAGES = (run_sheet,)
