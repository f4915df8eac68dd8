"""The page of one call: what it is, who comes, what they ask, which mails went, what was done; and its details to change."""

from typing import Annotated

from pydantic import BaseModel, Field

from calls.ground.refusals import Invalid
from calls.guests import queries as guests
from calls.history import queries as history
from calls.history import story
from calls.history.models import Change
from calls.joining import queries as joining
from calls.kits import queries as kits
from calls.messages import mails
from calls.messages import queries as outbox
from calls.messages.guest_mails import GUEST_NEWS
from calls.messages.models import FAILED, SENDING, SENT, WAITING
from calls.registrations import queries as registrations
from calls.shows import editing, stages
from calls.shows import queries as shows
from calls.shows.models import Call
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import call_deeds, call_guests, changes, clock_notes, invitations, proposals, replies, rows, visits
from calls.web.host.clock_notes import Note
from calls.web.host.rows import Noted
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.web.reading import LONG, read

LATEST = 5
MOST_ORIGINS = 12


class Details(BaseModel):
    """What of a call can be changed without anybody hearing of it."""

    title: str = ""
    description: Annotated[str, LONG] = ""
    capacity: int = Field(title="a number of seats")


@get("/host/calls/{call_id}")
def call(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        found = here.call()
        return _page(here, found, details_of(found))


@post("/host/calls/{call_id}")
def change_details(ask: Ask) -> Answer:
    try:
        with visits.doing(ask) as here:
            _save(here, here.call())
    except Invalid as refusal:
        with visits.looking(ask) as here:
            return _page(here, here.call(), ask.form.with_errors(refusal.errors), 422)
    return redirect(f"/host/calls/{ask.id('call_id')}?done=saved")


def details_of(call: Call) -> Form:
    return Form.of({"title": call.title, "description": call.description, "capacity": call.capacity})


def _save(here: Visit, call: Call) -> None:
    """All of it or nothing, with the faults of all."""
    here.require("move calls")
    typed, faults = read(Details, here.ask.form), {}
    try:
        editing.describe(here.session, call, typed.title, typed.description, by=here.by, now=here.now)
    except Invalid as refusal:
        faults.update(refusal.errors)
    try:
        editing.set_capacity(here.session, call, typed.capacity, by=here.by, now=here.now)
    except Invalid as refusal:
        faults.update(refusal.errors)
    if faults:
        raise Invalid(faults)


def _page(here: Visit, call: Call, form: Form, status: int = 200) -> Answer:
    session, now = here.session, here.now
    pending = shows.pending_by_call(session, [call.id])
    rooms = joining.ways_in(session, [call.show_id])
    way_in = rooms.get((call.show_id, call.id)) or rooms.get((call.show_id, None), joining.of(None))
    with_pass, without_email = registrations.make_up_of_call(session, call.id)
    mailed = outbox.mails_of_call(session, call.id)
    failed = sum(numbers.get(FAILED, 0) for numbers in mailed.values())
    bounced = registrations.bounced_by_call(session, [call.id]).get(call.id, 0)
    clocks = clock_notes.notes(session, [call], now).get(call.id, Note())
    return here.page(
        "host/call.html",
        status,
        call=call,
        form=form,
        done=_done(here),
        waiting=changes.waiting(pending.values(), now),
        state=rows.state(call, now),
        stage=stages.stage(call.cancelled_at, call.starts_at, call.ends_at, now),
        needs=rows.needs(call, way_in, Noted(failed, bounced, 0, clocks), now, clocks.long),
        proposals=proposals.cards(here, call),
        guests=call_guests.of_call(here, call),
        said=replies.line(session, call.id),
        way_in=call_deeds.said(way_in),
        has_own_way_in=(call.show_id, call.id) in rooms,
        with_pass=with_pass,
        without_email=without_email,
        came=joining.count_came(session, call.id) if call.starts_at <= now else 0,
        origins=kits.origins(session, call.id)[:MOST_ORIGINS],
        latest=registrations.latest_of_call(session, call.id, LATEST),
        questions=joining.asked(session, call.id),
        mailed=[(label(kind), numbers) for kind, found in mailed.items() if any(numbers := _numbers(found))],
        story=[_told(it) for it in _story(here, call)],
    )


def _done(here: Visit) -> str:
    """The sentence for what was done on the page, or on one that leads here."""
    if here.ask.query.value("done") == "time-kept":
        return proposals.KEPT
    return changes.done(here.ask) or invitations.DONE.get(here.ask.query.value("done"), "")


def _story(here: Visit, call: Call) -> list[Change]:
    """What was done to the call and with its guests, the latest first."""
    done = history.story_of_call(here.session, call.id)
    agreed = history.story_of_guest(here.session, here.account_id, guests.booking_ids_of_call(here.session, call.id))
    return sorted([*done, *agreed], key=lambda it: (it.created_at, it.id), reverse=True)


def label(kind: str) -> str:
    """What a kind of message is called; what news says is worked out when it goes."""
    if kind == mails.NEWS:
        return "News about the call"
    return "News about the guest’s call" if kind == GUEST_NEWS else mails.MAILS[kind].label


def _numbers(found: dict[str, int]) -> tuple[int, int, int]:
    """How many wait, went, and failed."""
    return found.get(WAITING, 0) + found.get(SENDING, 0), found.get(SENT, 0), found.get(FAILED, 0)


def _told(change: Change) -> tuple[Change, str]:
    return change, story.sentence(change.kind, change.facts)


PAGES = (call, change_details)
