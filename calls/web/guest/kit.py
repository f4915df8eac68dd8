"""What a guest gets to tell others of her call: her own link, texts to paste, pictures, and how many came through her."""

from calls.ground import when, zones
from calls.ground.refusals import NotFound, Refused
from calls.guests import introducing
from calls.kits import queries, texts
from calls.kits.texts import Occasion
from calls.shows.models import Call
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.guest import visits
from calls.web.guest.visits import Visit

NOT_YET = "The kit is here once a date is confirmed."
SOON = "Your kit is just being made. Please try again in a minute."


@get("/g/{token}/kit")
def kit(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _page(here, _call(here))


def _page(here: Visit, call: Call) -> Answer:
    links = here.ask.house.links
    share = queries.share_of_booking(here.session, here.booking.id) if here.booking else None
    if share is None or here.booking is None:
        raise Refused(SOON)
    introduced = introducing.introductions(here.session, [call.id]).get(call.id, [])
    own = next((it for it in introduced if it.booking_id == here.booking.id), None)
    topic = call.title or (own.topic if own else "")
    occasion = Occasion(here.show.name, here.show.host_name, topic, _when(call), links.share(share.code))
    return here.page(
        "guest/kit.html",
        call=call,
        share=share,
        link=links.share(share.code),
        texts=texts.texts(occasion),
        networks=texts.share_links(occasion),
        own=own,
        came=queries.came_through(here.session, share),
    )


def _when(call: Call) -> str:
    return f"{when.day(call.starts_at, call.zone)}, {when.clock(call.starts_at, call.zone)} {zones.time_name(call.zone)}"


def _call(here: Visit) -> Call:
    """The call at which she is confirmed to speak. Raises NotFound where there is none."""
    if here.booking is None or here.booking.call is None or not here.booking.is_confirmed:
        raise NotFound(NOT_YET)
    return here.booking.call


PAGES = (kit,)
