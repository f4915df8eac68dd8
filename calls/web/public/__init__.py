"""The pages of everybody: what is on, registering, and what stands behind a person's own links.

A page that is the same for all is kept in memory and bears no cookie and no word about anybody. A page behind a secret link is
stored nowhere and shown to no search engine. Looking changes nothing; whatever is done is done by a button.
"""

from calls.web.public import (
    answer,
    bringing,
    call,
    changing,
    crawlers,
    feeds,
    find,
    front,
    join,
    pictures,
    posters,
    registration,
    sharing,
    show,
    thanks,
    unsubscribe,
    wishes,
)

PAGES = (
    *front.PAGES,
    *crawlers.PAGES,
    *find.PAGES,
    *unsubscribe.PAGES,
    *join.PAGES,
    *answer.PAGES,
    *registration.PAGES,
    *changing.PAGES,
    *bringing.PAGES,
    *feeds.PAGES,
    *pictures.PAGES,
    *thanks.PAGES,
    *wishes.PAGES,
    *posters.PAGES,
    *sharing.PAGES,
    *show.PAGES,
    *call.PAGES,
)
