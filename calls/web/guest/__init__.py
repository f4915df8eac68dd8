"""The pages behind a guest's own link: dates to choose, her booking, and all that goes with it; no account, no password.

Stored nowhere and shown to no search engine. Looking changes nothing; whatever is done is done by a button.
"""

from calls.web.guest import booking, calendar, check, invitation, kit, one_sheet, prep, run_sheet

PAGES = (
    *invitation.PAGES,
    *booking.PAGES,
    *calendar.PAGES,
    *check.PAGES,
    *prep.PAGES,
    *one_sheet.PAGES,
    *run_sheet.PAGES,
    *kit.PAGES,
)
