"""The pages behind a guest's own link: dates to choose, her booking, and all that goes with it; no account, no password.

Stored nowhere and shown to no search engine. Looking changes nothing; whatever is done is done by a button.
"""

from calls.web.guest import booking, invitation, kit

PAGES = (
    *invitation.PAGES,
    *booking.PAGES,
    *kit.PAGES,
)
