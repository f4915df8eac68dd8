"""Short links: they lead to the call that they name, and say through whom one came; and their picture to scan."""

from io import BytesIO

import segno
from sqlalchemy.orm import Session

from calls.ground.refusals import NotFound
from calls.kits import queries
from calls.kits.models import Share
from calls.registrations.origins import FIELD
from calls.shows.models import Call, Show
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import redirect, text

SVG = "image/svg+xml"
A_DAY = "public, max-age=86400"
MODULE = 8


@get("/v/{code}")
def follow(ask: Ask) -> Answer:
    """To the call's page; once it is over, to its show."""
    with ask.house.database.reading() as session:
        share, call, show = _shared(ask, session)
        page = f"/{show.slug}/{call.address}" if call.ends_at > ask.now and call.cancelled_at is None else f"/{show.slug}"
        return redirect(f"{page}?{FIELD}={share.code}").with_header("x-robots-tag", "noindex")


@get("/v/{code}/qr.svg")
def picture(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        share, _, _ = _shared(ask, session)
    return text(drawn(ask.house.links.share(share.code)), SVG, cache_control=A_DAY).with_header("x-robots-tag", "noindex")


def drawn(address: str) -> bytes:
    """An address as a QR code, dark on white with the margin that readers need (ISO/IEC 18004 asks for four modules)."""
    into = BytesIO()
    segno.make(address, error="m", micro=False).save(into, kind="svg", scale=MODULE, border=4, light="white", xmldecl=False)
    return into.getvalue()


def _shared(ask: Ask, session: Session) -> tuple[Share, Call, Show]:
    found = queries.shared(session, ask.part("code"))
    if found is None:
        raise NotFound("This link leads nowhere.")
    return found


PAGES = (follow, picture)
