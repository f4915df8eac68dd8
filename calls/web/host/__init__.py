"""The pages of members: each begins with `visitors.member` and is stored by nobody."""

from calls.web.host import (
    account,
    board,
    call_changes,
    calls,
    changes,
    dates,
    mails,
    new_show,
    outbox,
    own_calendar,
    registrations,
    schedule,
    show,
    shows,
    sign_in,
    way_in,
)

PAGES = (
    *sign_in.PAGES,
    *account.PAGES,
    *own_calendar.PAGES,
    *board.PAGES,
    *shows.PAGES,
    *new_show.PAGES,
    *show.PAGES,
    *schedule.PAGES,
    *dates.PAGES,
    *way_in.PAGES,
    *changes.PAGES,
    *calls.PAGES,
    *call_changes.PAGES,
    *registrations.PAGES,
    *mails.PAGES,
    *outbox.PAGES,
)
