"""The guest's own page: what she is asked, and where she chooses a date."""

from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.guest import visits


@get("/g/{token}")
def invitation(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return here.page("guest/invitation.html")


PAGES = (invitation,)
