"""Photos of guests. An address changes with the picture, so a browser may keep what it got for good.

No sign-in stands before them: an address holds the picture's identifier, of which 74 bits are chance, and 64 bits of its digest,
which only somebody can know who has been shown the picture. So an address cannot be guessed, and who has one (from a public page,
a mail, the guest's or the host's side) was given it.
"""

import re
from dataclasses import replace
from hmac import compare_digest
from uuid import UUID

from calls.ground.refusals import NotFound
from calls.guests.cuts import SHAPES
from calls.guests.models import Picture
from calls.web import get
from calls.web.answers import Answer, Prepared
from calls.web.asking import Ask
from calls.web.pages import text
from calls.web.static import FOR_EVER

JPEG = "image/jpeg"
NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{16})")
GONE = "There is no picture at this address."


@get("/pictures/{name}/{file}")
def picture(ask: Ask) -> Answer:
    named = NAME.fullmatch(ask.part("name"))
    shape, _, ending = ask.part("file").partition(".")
    if named is None or shape not in SHAPES or ending != "jpg":
        raise NotFound(GONE)
    with ask.house.database.reading() as session:
        found = session.get(Picture, UUID(named[1]))
        if found is None or not compare_digest(found.digest[:16], named[2]):
            raise NotFound(GONE)
        body: bytes = getattr(found, shape)
    answer = text(body, JPEG, cache_control=FOR_EVER)
    return replace(answer, prepared=Prepared(answer, ask.route))


PAGES = (picture,)
