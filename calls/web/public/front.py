"""The installation's front page: its public shows, and the calls that come next."""

from calls.shows import queries, schedule
from calls.shows.models import Show
from calls.shows.schedule import Rule
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import keep, page
from calls.web.public import shown

NEXT = 12
ANY_SHOW = ("change:show.created", "change:show.published", "change:show.changed")


@get("/")
def front(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    with ask.house.database.reading() as session:
        shows = queries.public_shows(session)
        calls = queries.calls_to_come(session, [show.id for show in shows], ask.now, limit=NEXT)
        answer = page(
            ask,
            "public/front.html",
            shows=[(show, _rule_in_words(show), shown.summary(show.description)) for show in shows],
            calls=[shown.listed(call, ask.now) for call in calls],
        )
    return keep(
        ask,
        ticket,
        answer,
        tags={*ANY_SHOW, *(f"show:{show.id}" for show in shows)},
        until=shown.words_change_at(calls, ask.now),
    )


def _rule_in_words(show: Show) -> str:
    rule = Rule(show.first_day, show.first_time, show.zone, show.minutes, show.rrule, show.fold)
    return schedule.in_words(rule)


PAGES = (front,)
