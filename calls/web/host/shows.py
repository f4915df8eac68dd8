"""The list of an account's shows."""

from calls.shows import queries as shows
from calls.shows import schedule
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host import changes, visits


@get("/host/shows")
def listed(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        own = shows.shows_of(here.session, here.account_id)
        next_starts = shows.next_starts(here.session, [show.id for show in own], here.now)
        items = [(show, schedule.in_words(shows.own_rule(show)), next_starts.get(show.id)) for show in own]
        return here.page("host/shows.html", items=items, done=changes.done(ask))


PAGES = (listed,)
