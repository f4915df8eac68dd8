"""A page a person: what the bench keeps, where it stands, and everything that happened; with the deeds of one button."""

from collections.abc import Sequence

from calls.ground import zones
from calls.ground.markdown import is_safe_address
from calls.guests import benching, browsing, doubles, queries, standing
from calls.guests.models import Booking, Guest, Invitation, Picture
from calls.history import queries as history
from calls.history import story
from calls.messages import queries as outbox
from calls.messages.queries import GUEST_THANKED
from calls.shows import queries as shows
from calls.team import queries as team
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host import visits
from calls.web.host.calls import label
from calls.web.host.visits import Visit
from calls.web.pages import redirect

DONE = {
    "added": "On the bench.",
    "saved": "Saved.",
    "merged": "Merged. Everything that hung on the double is here now.",
    "turn": "The turn is kept.",
}


@get("/host/guests/{guest_id}")
def person(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        guest = here.guest()
        if guest.id != ask.id("guest_id"):
            return redirect(f"/host/guests/{guest.id}")
        return _page(here, guest)


@post("/host/guests/{guest_id}/contact")
def note_contact(ask: Ask) -> Answer:
    """Somebody wrote or talked to her today, by the date where the account's shows are held."""
    with visits.doing(ask) as here:
        guest = here.guest()
        benching.note_contact(here.session, guest, zones.wall(here.now, _zone(here)).date(), by=here.by, now=here.now)
        return redirect(f"/host/guests/{guest.id}?done=saved")


@post("/host/guests/{guest_id}/care")
def look_after(ask: Ask) -> Answer:
    """The member herself looks after her from now on."""
    with visits.doing(ask) as here:
        guest = here.guest()
        benching.look_after(here.session, guest, here.member.id, by=here.by, now=here.now)
        return redirect(f"/host/guests/{guest.id}?done=saved")


@post("/host/guests/{guest_id}/turn")
def take_turn(ask: Ask) -> Answer:
    """Behind all who wait for their turn; or, with `out`, out of turn."""
    with visits.doing(ask) as here:
        guest = here.guest()
        last = None if ask.form.has("out") else queries.count_waiting(here.session, here.account_id) + 1
        benching.move(here.session, guest, last, by=here.by, now=here.now)
        return redirect(f"/host/guests/{guest.id}?done=turn")


def _page(here: Visit, guest: Guest) -> Answer:
    session, now = here.session, here.now
    invitations, bookings = queries.invitations_of_guest(session, guest.id), queries.bookings_of_guest(session, guest.id)
    members = {it.id: it.name for it in team.members_of(session, here.account_id)}
    state = browsing.standing_of(session, guest, now, thanked=GUEST_THANKED)
    others = [it for it in queries.known_of(session, here.account_id) if it.id != guest.id]
    return here.page(
        "host/guest.html",
        guest=guest,
        state=state,
        meaning=standing.MEANINGS[state],
        is_met_online=_is_link(guest.met),
        gave_links=[it for it in guest.links if _is_link(it)],
        looked_after_by=members.get(guest.looked_after_by_id, "") if guest.looked_after_by_id else "",
        is_mine=guest.looked_after_by_id == here.member.id,
        picture=session.get(Picture, guest.picture_id) if guest.picture_id else None,
        zone=_zone(here),
        likely=doubles.like(guest, others),
        bookings=bookings,
        invitations=invitations,
        mails=[(it, label(it.kind)) for it in outbox.mails_of_guest(session, guest.id)] if here.may("see registrations") else [],
        story=_story(here, guest, invitations, bookings),
        shows=shows.shows_of(session, here.account_id),
        done=DONE.get(here.ask.query.value("done"), ""),
    )


def _story(
    here: Visit, guest: Guest, invitations: Sequence[Invitation], bookings: Sequence[Booking]
) -> list[tuple[object, str]]:
    """What was done about her, and about the doubles that were merged into her, each as a sentence."""
    about = [guest.id, *queries.doubles_of(here.session, guest), *(it.id for it in invitations), *(it.id for it in bookings)]
    found = history.story_of_guest(here.session, here.account_id, about)
    return [(it, story.sentence(it.kind, it.facts)) for it in found]


def _is_link(text: str) -> bool:
    """Whether the words are an address of the web and nothing else."""
    return is_safe_address(text) and " " not in text


def _zone(here: Visit) -> str:
    """Where the account is at home: where its shows are held."""
    return next((it.zone for it in shows.shows_of(here.session, here.account_id)), "UTC")


PAGES = (person, note_contact, look_after, take_turn)
