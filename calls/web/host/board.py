"""The board: the next eight weeks of all shows at a glance, a row a call."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from calls.ground import zones
from calls.ground.text import count
from calls.guests.courses import FILTERS
from calls.messages import queries as outbox
from calls.messages.models import WAITING
from calls.messages.reminders import until
from calls.shows import queries as shows
from calls.shows.models import Call
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host import changes, visits
from calls.web.host.layout import BOARD
from calls.web.host.rows import Row, rows
from calls.wishes import queries as wishes

WEEKS = 8
FAILED_SINCE = timedelta(days=7)
OVERDUE = timedelta(minutes=5)


@get(BOARD)
def board(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        own = shows.shows_of(here.session, here.account_id)
        calls = shows.board(here.session, here.account_id, here.now, WEEKS)
        pending = shows.pending_of_account(here.session, here.account_id)
        every = rows(here.session, calls, pending, here.now, with_show=len(own) > 1)
        wanted = ask.query.value("show")
        listed = [it for it in every if it.course.fits(wanted, here.now)]
        wished = wishes.count_waiting(here.session, [show.id for show in own])
        on_rows = {call.id for call in calls}
        failed = sum(outbox.failed_by_show(here.session, here.account_id, here.now - FAILED_SINCE).values())
        overdue = outbox.count_to_people(here.session, here.account_id, (WAITING,), here.now - OVERDUE)
        return here.page(
            "host/board.html",
            rows=listed,
            filters=_filters(every, wanted, here.now),
            is_filtered=wanted in FILTERS,
            today=_today(every, ask),
            until=until,
            waiting=changes.waiting([it for it in pending if it.call_id not in on_rows], here.now),
            drafts=[show for show in own if show.published_at is None],
            wished=[(show, wished[show.id]) for show in own if show.id in wished],
            has_shows=bool(own),
            failed=count(failed, "One mail", "{n} mails") if failed else "",
            overdue=count(overdue, "One mail has", "{n} mails have") if overdue else "",
            done=changes.done(ask),
        )


def _filters(every: Sequence[Row], wanted: str, now: datetime) -> list[tuple[str, str, bool]]:
    """Label with number, address, and whether it is the one chosen, of each filter that would leave something; and of none."""
    found = [(key, label, sum(it.course.fits(key, now) for it in every)) for key, label in FILTERS.items()]
    offered = [it for it in found if it[2] or it[0] == wanted]
    chosen = [(f"{label}: {number}", f"{BOARD}?show={key}", key == wanted) for key, label, number in offered]
    return [("All", BOARD, wanted not in FILTERS), *chosen] if chosen else []


def _today(listed: Sequence[Row], ask: Ask) -> Row | None:
    """The next call that takes place today, by the date where it is held, or is going on."""
    return next((row for row in listed if row.call.cancelled_at is None and _is_today(row.call, ask)), None)


def _is_today(call: Call, ask: Ask) -> bool:
    return call.starts_at <= ask.now or zones.wall(call.starts_at, call.zone).date() == zones.wall(ask.now, call.zone).date()


PAGES = (board,)
