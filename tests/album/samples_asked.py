"""The pages of guests who are asked, and the host's about them."""

from datetime import timedelta

from tests.album.asked import FREE
from tests.album.sampling import Form, Sample, link, show
from tests.album.stage import Scene

G = "/g/{token}"
INVITATIONS, NEW = "/host/shows/{show_id}/invitations", "/host/shows/{show_id}/invitations/new"
CANCELLATION = "/host/bookings/{booking_id}/cancellation"
THREE: Form = {"name": "Mika", "topic": "", "phone": "soon", "zone": "Asia/Tokyo"}
NO_NAME: Form = {"name": ""}
INVITING = {"which": "one", "purpose": "call", "words": "Dear {name}, **come**.", "ends": "2027-02-01"}


def named(scene: Scene) -> str:
    """The form, with somebody and a date chosen beforehand."""
    return show(f"/invitations/new?guest={scene.here['free guest']}&call={scene.here['free call']}")(scene)


ASKED = (
    Sample("guest, asked", G, link("guest asked", "?done=asked")),
    Sample("guest, asked for these dates", G, link("guest named")),
    Sample("guest, none chosen", G, link("guest named"), status=422, form={"date": ""}),
    Sample("guest, too late", G, link("guest named"), status=409, form={"date": "taken"}),
    Sample("guest, nothing left", G, link("guest late")),
    Sample("guest, held", G, link("guest held")),
    Sample("guest, held, wrong form", G + "/confirmation", link("guest held", "/confirmation"), status=422, form=THREE),
    Sample("guest, waits for the host", G, link("guest waiting")),
    Sample("guest, booked", G, link("guest booked")),
    Sample("guest, was there", G, link("guest booked"), later=timedelta(days=200)),
    Sample("guest, said no", G, link("guest no")),
    Sample("guest, too long ago", G, link("guest lapsed"), status=410),
    Sample("guest, cancelled", G, link("guest cancelled"), status=410),
    Sample("guest, other dates", G + "/date", link("guest held", "/date")),
    Sample("guest, saying no", G + "/decline", link("guest asked", "/decline")),
    Sample("guest, cannot come", G + "/decline", link("guest booked", "/decline")),
    Sample("guest, another date", G + "/other-date", link("guest named", "/other-date")),
    Sample("guest, another date, empty", G + "/other-date", link("guest named", "/other-date"), status=422, form={"words": ""}),
    Sample("guest, passing on", G + "/pass-on", link("guest asked", "/pass-on")),
    Sample("guest, passing on, wrong form", G + "/pass-on", link("guest asked", "/pass-on"), status=422, form=NO_NAME),
)
STAYING = (
    Sample("guest, still on", G + "/check", link("guest booked", "/check")),
    Sample("guest, still on, said", G + "/check", link("guest booked", "/check?done=on")),
    Sample("guest, yes to what is held", G + "/check", link("guest held", "/check")),
    Sample("guest, a problem", G + "/trouble", link("guest booked", "/trouble")),
    Sample("guest, a problem, wrong form", G + "/trouble", link("guest booked", "/trouble"), status=422, form={"words": "Flu"}),
    Sample("guest, calendar", G + "/calendar", link("guest booked", "/calendar")),
    Sample("guest, stop mails", "/unsubscribe/{token}", link("stop mails of a guest")),
)
HOSTING = (
    Sample("understudy", "/host/calls/{call_id}/understudy", link("understudy", "?done=named"), "owner"),
    Sample("understudy, wrong form", "/host/calls/{call_id}/understudy", link("understudy"), "owner", 422, {"guest": "x"}),
    Sample("understudy steps in, preview", "/host/calls/{call_id}/{change}", link("swap"), "owner"),
    Sample("invitations", INVITATIONS, show("/invitations?done=sent"), "owner"),
    Sample("invitations, none", INVITATIONS, lambda scene: f"/host/shows/{scene.draft}/invitations", "owner"),
    Sample("invitations, end", INVITATIONS, show("/invitations?page=9"), "owner"),
    Sample("inviting", NEW, named, "owner"),
    Sample("inviting, preview", NEW, show("/invitations/new"), "owner", form=INVITING | {"which": "all", "guest": str(FREE)}),
    Sample("inviting, wrong form", NEW, show("/invitations/new"), "owner", 422, INVITING),
    Sample("more dates", "/host/invitations/{invitation_id}/dates", link("more dates"), "owner"),
    Sample("cancelling a booking", CANCELLATION, link("booking"), "owner"),
    Sample("cancelling a hold", CANCELLATION, link("booking held"), "owner"),
    Sample("call of a host, held", "/host/calls/{call_id}", link("call held"), "owner"),
    Sample("call of a host, yes is missing", "/host/calls/{call_id}", link("call waiting"), "owner"),
    Sample("call of a host, asked for", "/host/calls/{call_id}", link("call asked"), "leader"),
    Sample("terms", "/host/shows/{show_id}/terms", show("/terms?done=saved"), "owner"),
    Sample("terms, wrong form", "/host/shows/{show_id}/terms", show("/terms"), "owner", 422, {"hold_hours": "0"}),
)
