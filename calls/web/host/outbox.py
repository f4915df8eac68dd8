"""The outbox: what waits, what could not be delivered and why, what went lately; and each mail with its text."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

from calls.ground.refusals import NotFound
from calls.ground.text import clean
from calls.guests.models import Guest
from calls.messages import queries, reminders, retrying
from calls.messages.models import DROPPED, FAILED, SENDING, SENT, WAITING, Message
from calls.registrations.models import Attendee
from calls.shows import queries as shows
from calls.shows.models import Call
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host import visits
from calls.web.host.calls import label
from calls.web.host.paging import page_wanted
from calls.web.host.visits import Visit
from calls.web.pages import redirect

AHEAD = timedelta(hours=48)
PAGE = 50
ROOMS = {
    "waiting": ("Waiting", (WAITING, SENDING)),
    "failed": ("Could not be delivered", (FAILED,)),
    "sent": ("Sent", (SENT,)),
    "dropped": ("Overtaken", (DROPPED,)),
}
# What opens a person's own pages (ground/links.py) is hers alone; whoever reads along need not have it.
SECRETS = re.compile(r"(/(?:r|a|g|j|p|w|feeds|unsubscribe)/)[A-Za-z0-9_-]{20,}")


@get("/host/outbox")
def outbox(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("see registrations")
        room = ask.query.value("state") or "waiting"
        if room not in ROOMS:
            raise NotFound
        call = _call_asked_for(here)
        until = here.now + AHEAD if room == "waiting" and call is None else None
        total = queries.count_to_people(here.session, here.account_id, ROOMS[room][1], until, call.id if call else None)
        page = max(1, min(page_wanted(ask), -(-total // PAGE)))
        return _list_page(here, room, call, total, page)


@get("/host/outbox/{message_id}")
def message(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("see registrations")
        found = _message(here)
        reader = _reader(here, found)
        call = shows.call_of_account(here.session, here.account_id, found.call_id) if found.call_id else None
        return here.page(
            "host/message.html",
            message=found,
            label=label(found.kind),
            attendee=reader,
            call=call,
            zone=call.zone if call else (reader.zone if reader else "") or "UTC",
            text=text_of(found.body) if found.body else "",
        )


@post("/host/outbox/{message_id}/again")
def again(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        retrying.try_again(here.session, _message(here), by=here.by, now=here.now)
        return redirect(f"/host/outbox/{ask.id('message_id')}")


def text_of(body: bytes) -> str:
    """The plain text of a letter as it went out, with the secrets in its links left out."""
    part = message_from_bytes(body, _class=EmailMessage, policy=default).get_body(("plain",))
    return SECRETS.sub(r"\1…", clean(str(part.get_content()))) if part else ""


def _reader(here: Visit, message: Message) -> Attendee | Guest | None:
    if message.guest_id:
        return here.session.get(Guest, message.guest_id)
    return here.session.get(Attendee, message.attendee_id) if message.attendee_id else None


def _message(here: Visit) -> Message:
    found = queries.message_of_account(here.session, here.account_id, here.ask.id("message_id"))
    if found is None:
        raise NotFound
    return found


def _call_asked_for(here: Visit) -> Call | None:
    typed = here.ask.query.value("call")
    if not typed:
        return None
    try:
        found = shows.call_of_account(here.session, here.account_id, UUID(typed))
    except ValueError as fault:
        raise NotFound from fault
    if found is None:
        raise NotFound
    return found


def _list_page(here: Visit, room: str, call: Call | None, total: int, page: int) -> Answer:
    states, first = ROOMS[room][1], (page - 1) * PAGE
    until = here.now + AHEAD if room == "waiting" and call is None else None
    found = queries.to_people(here.session, here.account_id, states, until, call.id if call else None, limit=PAGE, offset=first)
    return here.page(
        "host/outbox.html",
        tabs=[(words, _address(it, call), it == room) for it, (words, _) in ROOMS.items()],
        room=room,
        of_call=call,
        rows=[(it, label(it.kind), attendee, its_call) for it, attendee, its_call in found],
        reminders=_reminders(here) if room == "waiting" and call is None and page == 1 else [],
        total=total,
        first=first + 1,
        last=first + len(found),
        previous=_address(room, call, page - 1) if page > 1 else "",
        next=_address(room, call, page + 1) if first + len(found) < total else "",
    )


def _reminders(here: Visit) -> list[tuple[Call, str, object]]:
    """The reminders that will be written meanwhile: for which call, how long before it, when."""
    due = queries.calls_to_remind(here.session, here.account_id, here.now, here.now + AHEAD)
    return [(call, reminders.in_words(it), reminders.moment(it, call.starts_at)) for call, it in due]


def _address(room: str, call: Call | None, page: int = 1) -> str:
    facts = [
        *([f"state={room}"] if room != "waiting" else []),
        *([f"call={call.id}"] if call else []),
        *([f"page={page}"] if page > 1 else []),
    ]
    return f"/host/outbox?{'&'.join(facts)}" if facts else "/host/outbox"


PAGES = (outbox, message, again)
