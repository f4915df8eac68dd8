"""Invite one or several people: whom, to which dates, in which words; then what one of them will read, and Send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from calls.ground import zones
from calls.ground.database import rehearsing
from calls.ground.refusals import Invalid, Refusal
from calls.ground.text import count
from calls.guests import inviting, offering, queries, slot_queries, wording
from calls.guests.inviting import Offer
from calls.guests.models import Guest, Invitation
from calls.shows.models import Call, Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.guest import choices
from calls.web.guest.shown import about_show
from calls.web.host import asked, changes, visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.web.reading import SPELLINGS
from calls.wishes import queries as wishes

MOST = 50
PURPOSES = (
    ("call", "A call of the show"),
    ("extra", "An extra call, at a time in my open hours"),
    ("talk", "A talk beforehand, in my open hours"),
)
WHICH = (("one", "One of these dates"), ("all", "Any open date, later ones too"))


@dataclass(frozen=True)
class Asked:
    """What the form says: the people, and what they are offered."""

    guests: list[Guest]
    offer: Offer


@get("/host/shows/{show_id}/invitations/new")
def new(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        show = here.show()
        here.require("invite guests")
        open_ones = [str(it.id) for it in offering.open_calls(here.session, show.id, here.now)]
        wanted = [it for it in ask.query.values("call") if it in open_ones]
        words = inviting.default_words(here.session, show, "call")
        form = Form.of(
            {
                "guest": ask.query.values("guest"),
                "purpose": "call",
                "which": "one" if wanted else "all",
                "call": wanted,
                "words": words,
            }
        )
        return _form_page(here, show, form)


@post("/host/shows/{show_id}/invitations/new")
def invite(ask: Ask) -> Answer:
    if ask.form.value("deed") == changes.CHANGE:
        with visits.looking(ask) as here:
            return _form_page(here, here.show(), ask.form)
    try:
        with visits.doing(ask) as here:
            return _look_or_send(here)
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, here.show(), form, status)


def _look_or_send(here: Visit) -> Answer:
    show = here.show()
    here.require("invite guests")
    wanted = _read(here, show)
    if changes.is_sent(here.ask):
        _invite(here, show, wanted)
        return redirect(f"/host/shows/{show.id}/invitations?done=sent")
    with rehearsing(here.session):
        return _preview(here, show, _invite(here, show, wanted))


def _invite(here: Visit, show: Show, wanted: Asked) -> list[Invitation]:
    return [inviting.invite(here.session, show, it, wanted.offer, by=here.by, now=here.now) for it in wanted.guests]


def _preview(here: Visit, show: Show, invitations: Sequence[Invitation]) -> Answer:
    """What the first of them will read, and to whom else it goes."""
    first = invitations[0]
    zone = first.guest.zone or show.zone
    free = choices.of_invitation(here.session, first, here.now)
    return here.page(
        "host/invitation_preview.html",
        show=show,
        form=here.ask.form,
        guest=first.guest,
        guests=[it.guest for it in invitations],
        words=first.words,
        purpose=first.purpose,
        ends_at=first.ends_at,
        zone=zone,
        months=choices.by_month(free, zone),
        votes=wishes.votes_for(here.session, show.id, first.guest_id),
        about=about_show(show),
        terms=queries.conditions_of(here.session, show.id),
        label=count(len(invitations), "Send the invitation", "Send {n} invitations"),
    )


def _read(here: Visit, show: Show) -> Asked:
    form, errors = here.ask.form, {}
    ids = set(form.values("guest"))
    guests = [it for it in offering.invitable(here.session, here.account_id, _uuids(ids)) if str(it.id) in ids]
    if not guests:
        errors["guest"] = "Choose whom you ask."
    elif len(guests) > MOST:
        errors["guest"] = f"Ask at most {MOST} people at once."
    purpose = form.value("purpose") or "call"
    has_hours = slot_queries.hours_of(here.session, show.id) is not None
    if purpose not in inviting.PURPOSES or (purpose != "call" and not has_hours):
        errors["purpose"] = "Choose what you ask them for."
    is_any = form.value("which") == "all"
    calls = _calls(here, show, form) if purpose == "call" and not is_any else []
    if purpose == "call" and not is_any and not calls:
        errors["call"] = "Choose the dates that you offer."
    ends_at = None
    try:
        ends_at = _end(form.value("ends"), show, here.now)
        wording.checked(form.value("words"))
    except Invalid as refusal:
        errors |= refusal.errors
    if errors:
        raise Invalid(errors)
    return Asked(guests, Offer(purpose, calls, is_any, form.value("words"), ends_at))


def _calls(here: Visit, show: Show, form: Form) -> Sequence[Call]:
    chosen = form.values("call")
    return [it for it in offering.open_calls(here.session, show.id, here.now) if str(it.id) in chosen]


def _end(typed: str, show: Show, now: datetime) -> datetime | None:
    """The end of the day until which the answer is wanted, on the clocks of the show."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) if SPELLINGS[date].fullmatch(typed) else None
    except ValueError:
        day = None
    if day is None or not zones.FIRST_YEAR <= day.year < zones.LAST_YEAR:
        raise Invalid({"ends": "Give a date, like 2026-11-03."})
    end = zones.resolve(datetime.combine(day + timedelta(days=1), time()), show.zone)
    if end <= now.astimezone(UTC):
        raise Invalid({"ends": "That day is past; choose one still to come."})
    return end


def _form_page(here: Visit, show: Show, form: Form, status: int = 200) -> Answer:
    here.require("invite guests")
    people = offering.invitable(here.session, here.account_id, _uuids(form.values("guest")))
    has_hours = slot_queries.hours_of(here.session, show.id) is not None
    return here.page(
        "host/invitation_new.html",
        status,
        show=show,
        form=form,
        people=[(str(it.id), _person(it)) for it in people],
        calls=asked.dates_to_offer(offering.open_calls(here.session, show.id, here.now)),
        purposes=PURPOSES if has_hours else (),
        which=WHICH,
    )


def _person(guest: Guest) -> str:
    return f"{guest.name} ({guest.email})"


def _uuids(typed: Sequence[str] | set[str]) -> list[UUID]:
    found = []
    for it in typed:
        try:
            found.append(UUID(it))
        except ValueError:
            continue
    return found


PAGES = (new, invite)
