"""Changes that others will hear of, as a host meets them: what would happen, one Send, and Undo for ten minutes.

The preview and the deed read the same form, so nothing is kept between them but a mark of what was shown: when Send comes
and something else would happen by then, the host is shown that first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from calls import pending
from calls.ground import when, zones
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refusal
from calls.ground.text import count
from calls.hearers import Hearers
from calls.pending import Preview
from calls.shows import queries, schedule
from calls.shows.models import Call, Pending, Show
from calls.web import post, visitors
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.web.refusals import status_of

SEND = "send"
CHANGE = "change"

# What each kind of change is told with.
LETTERS: Mapping[str, str] = {
    "move": "a mail with the old and the new time, and their calendars follow",
    "cancel": "a mail that the call is cancelled, and their calendars follow",
    "restore": "a mail that the call takes place after all, and their calendars follow",
    "skip": "a mail that the call is cancelled, and their calendars follow",
    "guest": "a mail that names the new guest",
    "way_in": "a mail with the new way in, and their calendars follow",
    "share_way_in": "a mail with the new way in, and their calendars follow",
    "swap": "a mail that names who speaks now",
    "extra": "a seat on the new date, and a mail with its calendar entry",
    "reschedule": "a mail with what becomes of their calls, and their calendars follow",
}
# The same for the guests of the calls, where it is another.
GUEST_LETTERS: Mapping[str, str] = {
    "move": "a mail with the old and the new time, and the calendar follows",
    "cancel": "a mail that the call is cancelled, and the calendar follows",
    "restore": "a mail that the call takes place after all, and the calendar follows",
    "skip": "a mail that the call is cancelled, and the calendar follows",
    "way_in": "a mail with the new way in, and the calendar follows",
    "share_way_in": "a mail with the new way in, and the calendar follows",
    "reschedule": "a mail with what becomes of the call, and the calendar follows",
    "swap": "a mail that somebody else steps in, and the calendar follows",
}
DONE: Mapping[str, str] = {
    "sent": "Done. The mails go out now.",
    "changed": "Done. Nobody had to be told.",
    "undone": "Undone. Nobody has heard anything.",
    "dismissed": "The note is gone.",
    "saved": "Saved.",
    "published": "The show is public. Share its address with those who shall come.",
    "draft": "The draft is kept. Nobody else sees it until you make it public.",
}


@dataclass(frozen=True)
class Foreseen:
    """What a preview page shows: sentences, the words on the Send button, and a mark of what would happen."""

    lines: list[str]
    label: str
    is_at_once: bool
    is_nobody: bool
    mark: str
    is_other_than_seen: bool
    preview: Preview


def foresee(here: Visit, kind: str, show: Show, call: Call | None, facts: dict[str, Any]) -> Foreseen:
    """What the change would do now. Raises whatever the deed itself would refuse. Only within `visits.doing`."""
    preview = pending.preview(here.session, kind, show, call, facts, by=here.by, now=here.now)
    hearers, mark = preview.hearers, _mark(preview, facts)
    seen = here.ask.form.value("seen")
    return Foreseen(
        lines=[*hearing(kind, hearers), _timing(preview)],
        label=f"Send to {count(hearers.mails, 'one person', '{n} people')}" if hearers.mails else "Make the change",
        is_at_once=preview.is_at_once,
        is_nobody=hearers.is_nobody,
        mark=mark,
        is_other_than_seen=is_sent(here.ask) and seen != mark,
        preview=preview,
    )


def is_sent(ask: Ask) -> bool:
    """Whether the form came from the Send button of a preview."""
    return ask.form.value("deed") == SEND


def send(here: Visit, kind: str, show: Show, call: Call | None, facts: dict[str, Any], foreseen: Foreseen, to: str) -> Answer:
    """Have it done, and lead on to a page that shows what waits (`waiting`) and what was done (`done`)."""
    asked = pending.ask(here.session, kind, show, call, facts, by=here.by, now=here.now)
    if asked is not None:
        return redirect(to)
    return redirect(f"{to}?done={'changed' if foreseen.is_nobody else 'sent'}")


def done(ask: Ask) -> str:
    """The sentence for a page that was led to after a deed; "" for any other."""
    return DONE.get(ask.query.value("done"), "")


def refused(form: Form, refusal: Refusal) -> tuple[Form, int]:
    """The form with what was refused, each sentence beside its field, and the status; what is no matter of a form is raised."""
    if isinstance(refusal, NotFound | NotAllowed):
        raise refusal
    errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.sentence}
    return form.with_errors(errors), status_of(refusal)


def hearing(kind: str, hearers: Hearers) -> list[str]:
    """Who would be told what, counted."""
    if hearers.is_nobody:
        return ["Nobody is registered, so nobody has to be told."]
    lines = []
    if hearers.attendees:
        lines.append(f"{count(hearers.attendees, 'One attendee gets', '{n} attendees get')} {LETTERS[kind]}.")
    if hearers.guests:
        lines.append(f"{count(hearers.guests, 'One guest gets', '{n} guests get')} {GUEST_LETTERS.get(kind, LETTERS[kind])}.")
    if hearers.without_email:
        lines.append(f"{count(hearers.without_email, 'One has', '{n} have')} no e-mail address: please ring them.")
    if hearers.silenced:
        lines.append(f"{count(hearers.silenced, 'One wants', '{n} want')} no mail, and will not be written to.")
    if hearers.holders:
        among = count(hearers.holders, "Among them is one who holds", "Among them are {n} who hold")
        lines.append(f"{among} a pass for the whole show.")
    return lines


def _timing(preview: Preview) -> str:
    if preview.hearers.is_nobody:
        return "The change takes effect at once."
    if preview.is_at_once:
        return "A call that starts within three hours is touched, so this takes effect at once and cannot be undone."
    return "For ten minutes after you press Send you can undo it. Until then nobody hears anything and no page changes."


def _mark(preview: Preview, facts: dict[str, Any]) -> str:
    """Short, and another when something else would happen; not when one more person has registered beside others."""
    shifts = preview.shifts
    moves = [(key, it.starts_at, it.ends_at) for key, it in shifts.moves] if shifts else []
    rest = [shifts.vanish, [it.starts_at for it in shifts.appear]] if shifts else []
    outcome = (preview.is_at_once, preview.hearers.is_nobody, moves, rest)
    return sha256(repr((sorted(facts.items()), outcome)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Waiting:
    """A change that waits for its ten minutes, or was `refused` when its time came. Times are said in the show's zone."""

    id: UUID
    name: str
    words: str
    until: str
    minutes: int
    refused: str
    is_due: bool

    @property
    def sentence(self) -> str:
        """The words as the beginning of a sentence."""
        return self.words[:1].upper() + self.words[1:]


def waiting_of(here: Visit, show: Show) -> list[Waiting]:
    """What waits for the show itself: no other change of it can be sent meanwhile."""
    return waiting(queries.pending_of_show(here.session, show.id), here.now)


def waiting(changes: Iterable[Pending], now: datetime) -> list[Waiting]:
    """What waits, in words."""
    return [_waiting(it, now) for it in changes]


def _waiting(change: Pending, now: datetime) -> Waiting:
    zone = change.show.zone
    seconds = (change.effect_at - now).total_seconds()
    return Waiting(
        id=change.id,
        name=change.call.name if change.call else change.show.name,
        words=WORDS[change.kind](change),
        until=f"{when.clock(change.effect_at, zone)} {zones.time_name(zone)}",
        minutes=max(1, -int(-seconds // 60)),
        refused=change.refused or "",
        is_due=seconds <= 0,
    )


def _moves(change: Pending) -> str:
    facts = change.facts
    moment = zones.resolve(datetime.fromisoformat(facts["wall"]), facts["zone"], facts.get("fold", 0))
    is_as_long = change.call is not None and change.call.minutes == facts["minutes"]
    return f"moves to {when.full(moment, facts['zone'])}" + ("" if is_as_long else f", for {facts['minutes']} minutes")


def _extra(change: Pending) -> str:
    facts = change.facts
    moment = zones.resolve(datetime.fromisoformat(facts["wall"]), change.show.zone, facts.get("fold", 0))
    return f"gets an extra date on {when.full(moment, change.show.zone)}"


def _guest(change: Pending) -> str:
    name = change.facts["guest_name"]
    return f"gets {name} as its guest" if name else "has no guest any more"


WORDS: Mapping[str, Callable[[Pending], str]] = {
    "swap": lambda change: f"gets {change.facts['to']} in the place of its guest",
    "move": _moves,
    "cancel": lambda _: "is cancelled",
    "restore": lambda _: "takes place after all",
    "skip": lambda _: "is left out",
    "guest": _guest,
    "way_in": lambda _: "gets a new way in",
    "share_way_in": lambda _: "gets the way in of its show again",
    "extra": _extra,
    "reschedule": lambda change: f"gets a new schedule: {schedule.in_words(pending.rule_of(change.facts))}",
}


@post("/host/pending/{pending_id}/undo")
def undo(ask: Ask) -> Answer:
    """Take a change back before anybody has heard, or put away the note of one that was refused."""
    with visits.doing(ask) as here:
        gone = pending.undo(here.session, here.account_id, ask.id("pending_id"), by=here.by, now=here.now)
        own = f"/host/calls/{gone.call_id}" if gone.call_id else f"/host/shows/{gone.show_id}"
        back = visitors.safe_address(ask.form.value("back")).partition("?")[0] or own
        return redirect(f"{back}?done={'dismissed' if gone.refused else 'undone'}")


PAGES = (undo,)
