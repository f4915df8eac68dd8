"""The changes to one call that others will hear of: what each asks for, what it says to `pending`, and how it is said back."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from calls.ground import text, when, zones
from calls.ground.refusals import Invalid, Refused
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.shows import schedule, stages
from calls.shows.models import Call
from calls.shows.schedule import Rule
from calls.web.forms import Form
from calls.web.host import understudy
from calls.web.host.visits import Visit
from calls.web.host.way_in import form_of, way_in_of
from calls.web.reading import read

Facts = dict[str, Any]
Pairs = list[tuple[str, str]]


class Moving(BaseModel):
    """The form for another time. `fold` is asked for only where the clocks show the time twice."""

    day: date = Field(title="a day")
    clock: time = Field(alias="time", title="a time")
    zone: str = Field(title="a time zone")
    minutes: int = Field(title="a length in minutes")
    fold: Literal["0", "1"] | None = Field(None, title="one of the two times")

    @field_validator("clock")
    @classmethod
    def whole_minutes(cls, value: time) -> time:
        if value.second or value.microsecond or value.tzinfo:
            raise ValueError("Give the time in hours and minutes, like 19:00.")
        return value

    @property
    def wall(self) -> datetime:
        return datetime.combine(self.day, self.clock)


@dataclass(frozen=True)
class Deed:
    """One kind of change as its pages need it. Without a template there is nothing to fill in, and the preview comes first."""

    kind: str
    title: str
    facts: Callable[[Visit, Call, Form], Facts]
    pairs: Callable[[Visit, Call, Facts], Pairs]
    template: str = ""
    form: Callable[[Visit, Call], Form] = lambda _, __: Form()


def _moving_form(here: Visit, call: Call) -> Form:
    stages.check_movable(call.cancelled_at, call.starts_at, call.ends_at, here.now)
    return Form.of(
        {
            "day": call.wall.date().isoformat(),
            "time": f"{call.wall:%H:%M}",
            "zone": call.zone,
            "minutes": call.minutes,
            "fold": str(call.fold),
        }
    )


def _moving_facts(_: Visit, __: Call, form: Form) -> Facts:
    wanted = read(Moving, form)
    standing = zones.standing(wanted.wall, wanted.zone)
    if standing == "fold" and wanted.fold is None:
        raise Invalid({"fold": f"On that day the clocks show {wanted.wall:%H:%M} twice; choose which one you mean."})
    fold = int(wanted.fold or 0) if standing == "fold" else 0
    return {"wall": wanted.wall.isoformat(), "zone": wanted.zone, "minutes": wanted.minutes, "fold": fold}


def _moving_pairs(_: Visit, call: Call, facts: Facts) -> Pairs:
    wall, zone, minutes = datetime.fromisoformat(facts["wall"]), facts["zone"], facts["minutes"]
    moment = zones.resolve(wall, zone, facts["fold"])
    rule = Rule(wall.date(), wall.time(), zone, minutes, "", facts["fold"])
    clocks = schedule.moved_on(schedule.plan(wall.date(), rule), zone)
    now = f"{when.full(call.starts_at, call.zone)}, for {_length(call.minutes)}"
    return [
        ("Now", now),
        ("From then on", f"{when.full(moment, zone)}, for {_length(minutes)}"),
        *([("Mind the clocks", clocks)] if clocks else []),
    ]


def folds(form: Form) -> list[tuple[str, str]]:
    """The two moments to choose from, where the form names a time that the clocks show twice; else none."""
    try:
        wanted = read(Moving, form)
        if zones.standing(wanted.wall, wanted.zone) != "fold":
            return []
    except (Invalid, Refused):
        return []
    moments = [zones.resolve(wanted.wall, wanted.zone, fold) for fold in (0, 1)]
    named = ("The first time", "The second time")
    return [(str(fold), f"{named[fold]}, {zones.offset(it, wanted.zone)}") for fold, it in enumerate(moments)]


def _length(minutes: int) -> str:
    return text.count(minutes, "one minute", "{n} minutes")


def _cancelling_form(here: Visit, call: Call) -> Form:
    stages.check_cancellable(call.cancelled_at, call.starts_at, call.ends_at, here.now)
    return Form()


def _cancelling_facts(_: Visit, __: Call, form: Form) -> Facts:
    reason = text.clean(form.value("reason")).strip()
    if len(reason) > 2000:
        raise Invalid({"reason": "Give a reason of at most 2,000 characters."})
    return {"reason": reason}


def _guest_facts(_: Visit, __: Call, form: Form) -> Facts:
    return {"guest_name": text.clean_line(form.value("guest_name"))}


def _guest_pairs(_: Visit, call: Call, facts: Facts) -> Pairs:
    return [("Now", call.guest_name or "no guest"), ("From then on", facts["guest_name"] or "no guest")]


def _swap_facts(here: Visit, call: Call, _: Form) -> Facts:
    to = understudy.announced(here, call)
    if not to:
        raise Refused("Nobody is named as understudy of this call. Name one first.")
    return {"to": to}


def _swap_pairs(_: Visit, call: Call, facts: Facts) -> Pairs:
    return [("Speaks now", call.guest_name or "nobody"), ("Steps in", facts["to"])]


def _way_in_form(here: Visit, call: Call) -> Form:
    return form_of(joining.way_in(here.session, call))


def _way_in_facts(_: Visit, __: Call, form: Form) -> Facts:
    return asdict(rooms.checked(way_in_of(form)))


def _way_in_pairs(here: Visit, call: Call, facts: Facts) -> Pairs:
    return [("Now", said(joining.way_in(here.session, call))), ("From then on", said(WayIn(**facts)))]


def _shared_pairs(here: Visit, call: Call, _: Facts) -> Pairs:
    shared = joining.of(joining.room(here.session, call.show_id, None))
    return [("Now", said(joining.way_in(here.session, call))), ("From then on", said(shared))]


def said(way_in: WayIn) -> str:
    """A way in on one line."""
    ways = [it for it in (rooms.in_words(way_in), way_in.web_link) if it]
    where = " (number and code on our page only)" if way_in.is_page_only and way_in.phone else ""
    return f"{', or '.join(ways)}{where}" if ways else "none yet"


def _nothing(_: Visit, __: Call, ___: Form) -> Facts:
    return {}


def _time(_: Visit, call: Call, __: Facts) -> Pairs:
    return [("When", f"{when.full(call.starts_at, call.zone)}, for {_length(call.minutes)}")]


def _time_and_reason(here: Visit, call: Call, facts: Facts) -> Pairs:
    return [*_time(here, call, facts), ("Reason", facts["reason"] or "none given")]


DEEDS: dict[str, Deed] = {
    "time": Deed("move", "Move the call", _moving_facts, _moving_pairs, "host/call_time.html", _moving_form),
    "cancellation": Deed(
        "cancel", "Cancel the call", _cancelling_facts, _time_and_reason, "host/call_cancellation.html", _cancelling_form
    ),
    "restoration": Deed("restore", "Restore the call", _nothing, _time),
    "skip": Deed("skip", "Leave this date out", _nothing, _time),
    "guest": Deed(
        "guest",
        "Change the guest",
        _guest_facts,
        _guest_pairs,
        "host/call_guest.html",
        lambda _, call: Form.of({"guest_name": call.guest_name}),
    ),
    "way-in": Deed("way_in", "Change the way in", _way_in_facts, _way_in_pairs, "host/call_way_in.html", _way_in_form),
    "swap": Deed("swap", "Let the understudy step in", _swap_facts, _swap_pairs),
    "shared-way-in": Deed("share_way_in", "Use the show’s way in", _nothing, _shared_pairs),
}
