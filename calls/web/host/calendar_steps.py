"""The steps of a calendar test as its page shows them: what was sent when, what to look for, what was seen and heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from calls.calendars import findings, testing
from calls.calendars.answers import ACCEPTED, DECLINED, TENTATIVE
from calls.calendars.findings import CANCELLED, CHANGED, INVITED, STEPS, Known, Summary
from calls.calendars.models import CalendarTest
from calls.messages import queries
from calls.messages.models import DROPPED, FAILED, SENDING, SENT, WAITING, Message
from calls.web.forms import Form
from calls.web.host.visits import Visit

ANSWERS = {ACCEPTED: "Yes", TENTATIVE: "Maybe", DECLINED: "No"}
TITLES = {INVITED: "The invitation", CHANGED: "The update", CANCELLED: "The cancellation"}
BRINGS = {
    INVITED: "A mail brings an entry of half an hour into your calendar.",
    CHANGED: "A mail moves the entry by an hour.",
    CANCELLED: "A mail takes the entry out again.",
}
ASKS = {
    INVITED: "Open the mail, answer with yes, then look into your calendar.",
    CHANGED: "Look into your calendar. If it asks again, answer again.",
    CANCELLED: "Look into your calendar once more.",
}
NEXT = {INVITED: ("change", "Send the update"), CHANGED: ("end", "Send the cancellation")}
KINDS = {INVITED: "calendar_test_invited", CHANGED: "calendar_test_changed", CANCELLED: "calendar_test_cancelled"}
ON_ITS_WAY = ("on its way", "accent")
STATES = {SENT: ("sent", "good"), FAILED: ("could not be sent", "bad"), WAITING: ON_ITS_WAY, SENDING: ON_ITS_WAY}


@dataclass(frozen=True)
class Step:
    """One step on the page. `at` is when its mail went, or None; `starts_at` where the entry then stands."""

    name: str
    title: str
    brings: str
    asks: str
    state: str
    tone: str
    at: datetime | None
    fault: str
    starts_at: datetime
    look: list[tuple[str, str]]
    ticks: list[tuple[str, str]]
    form: Form
    is_said: bool
    answer: str
    answered_at: datetime | None
    deed: str = ""
    deed_label: str = ""

    @property
    def is_to_come(self) -> bool:
        return self.state == "to come"

    @property
    def is_out(self) -> bool:
        """Whether there is something to see of it."""
        return self.state == "sent"


@dataclass(frozen=True)
class Shown:
    """A test as its page shows it."""

    id: UUID
    at: datetime
    address: str
    program: str
    program_name: str
    version: str
    steps: list[Step]
    is_running: bool
    is_past: bool
    is_read: bool
    summary: Summary


@dataclass(frozen=True)
class Outcome:
    """A test in one line."""

    id: UUID
    at: datetime
    program: str
    result: str


def shown(here: Visit, test: CalendarTest) -> Shown:
    """The member's own test with all that is known of it."""
    mails = {it.kind: it for it in queries.mails_of_test(here.session, test.member_id, test.id)}
    program = str(test.seen.get("program", ""))
    return Shown(
        id=test.id,
        at=test.created_at,
        address=here.member.email,
        program=program,
        program_name=findings.PROGRAMS.get(program, ""),
        version=str(test.seen.get("version", "")),
        steps=[_step(test, it, mails.get(KINDS[it]), program) for it in STEPS],
        is_running=test.step != CANCELLED,
        is_past=test.step != CANCELLED and testing.is_past(test, here.now),
        is_read=bool(test.seen.get("is_read")),
        summary=_summary(test),
    )


def outcome(test: CalendarTest) -> Outcome:
    program = findings.PROGRAMS.get(str(test.seen.get("program", "")), "")
    version = str(test.seen.get("version", ""))
    return Outcome(test.id, test.created_at, f"{program}, {version}" if version else program, _summary(test).result)


def _summary(test: CalendarTest) -> Summary:
    return findings.summary(_known(test), str(test.seen.get("program", "")), is_read=bool(test.seen.get("is_read")))


def _known(test: CalendarTest) -> Sequence[Known]:
    return [_known_of(it, test.seen[it]) for it in STEPS if it in test.seen]


def _known_of(step: str, facts: dict[str, Any]) -> Known:
    ticks = facts.get("ticks")
    return Known(step, None if ticks is None else frozenset(ticks), facts.get("answer", ""), facts.get("doubt", ""))


def _step(test: CalendarTest, name: str, mail: Message | None, program: str) -> Step:
    facts = test.seen.get(name, {})
    state, tone = _state(name in test.seen, mail)
    ticks = facts.get("ticks")
    deed, label = NEXT.get(name, ("", "")) if test.step == name else ("", "")
    is_moved = CHANGED in test.seen and name == INVITED
    answered_at = facts.get("stamped_at")
    return Step(
        name=name,
        title=TITLES[name],
        brings=BRINGS[name],
        asks=ASKS[name],
        state=state,
        tone=tone,
        at=mail.sent_at if mail and mail.state == SENT else None,
        fault=(mail.fault or "") if mail and mail.state in {FAILED, DROPPED} else "",
        starts_at=test.starts_at - (testing.HOUR if is_moved else timedelta()),
        look=findings.look_for(name, program),
        ticks=[*findings.TICKS[name].items()],
        form=Form.of({f"seen-{name}": ticks or ()}),
        is_said=ticks is not None,
        answer=ANSWERS.get(facts.get("answer", ""), ""),
        answered_at=datetime.fromisoformat(answered_at) if answered_at else None,
        deed=deed,
        deed_label=label,
    )


def _state(is_asked: bool, mail: Message | None) -> tuple[str, str]:
    """What has become of a step's mail, in a word and its tone; follow-ups write it a moment after the button was pressed."""
    if not is_asked:
        return "to come", "quiet"
    if mail is None:
        return ON_ITS_WAY
    return STATES.get(mail.state, ("not sent", "quiet"))
