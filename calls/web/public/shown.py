"""What public pages show of shows and calls, and until when their words stay true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground import text, zones
from calls.ground.markdown import markdown_to_text
from calls.ground.refusals import NotFound
from calls.joining.rooms import WayIn
from calls.registrations.models import Registration
from calls.shows import queries, stages
from calls.shows.models import Call, Show
from calls.shows.titles import headline
from calls.web import visitors
from calls.web.asking import Ask

Choices = list[tuple[str, str]]
SUMMARY = 160
EVERY = "All calls of the show, later ones too"


@dataclass(frozen=True)
class Listed:
    """A call as a list of calls shows it."""

    call: Call
    title: str
    guest: str
    state: str
    words: str
    is_open: bool
    was: datetime | None

    @property
    def heading(self) -> str:
        """What it is called where calls of other shows stand beside it."""
        return headline(self.call.show.name, self.call.title, self.call.guest_name)


def listed(call: Call, now: datetime) -> Listed:
    """The call with its state in one word and its seats in a sentence."""
    stage = stages.stage(call.cancelled_at, call.starts_at, call.ends_at, now)
    is_open = is_free(call, now)
    return Listed(
        call=call,
        title=call.name,
        guest=call.guest_name if call.title else "",
        state=_state(call, stage),
        words=seats(call) if stage in {"planned", "live"} else call.reason,
        is_open=is_open,
        was=moved_from(call),
    )


def _state(call: Call, stage: stages.Stage) -> str:
    if stage in {"cancelled", "over", "live"}:
        return stage
    if not call.seats_left:
        return "full"
    return "moved" if moved_from(call) else ""


def moved_from(call: Call) -> datetime | None:
    """The moment that the schedule gave, where the call is no longer there."""
    return call.planned_for if call.planned_for != call.starts_at else None


def is_free(call: Call, now: datetime) -> bool:
    """Whether one can register for it."""
    return call.cancelled_at is None and call.ends_at > now and call.seats_left > 0


def free(calls: Iterable[Call], now: datetime, but: Call | None = None) -> list[Call]:
    """The calls that one can register for, without the one that cannot be had."""
    return [call for call in calls if is_free(call, now) and (but is None or call.id != but.id)]


def seats(call: Call) -> str:
    """Seats left, in words; a full call says so."""
    if not call.seats_left:
        return "Every seat is taken; choose another date."
    return text.count(call.seats_left, f"1 of {call.capacity:,} seats left", f"{{n}} of {call.capacity:,} seats left")


def way_in_words(way_in: WayIn) -> str:
    """How people get in, without saying where: that goes to those who have registered."""
    if way_in.phone and way_in.web_link:
        return "By phone or in the browser. The number, the code and your own link come by mail as soon as you have registered."
    if way_in.phone:
        return "By phone. The number and the code come by mail as soon as you have registered."
    if way_in.web_link:
        return "In the browser. Your own link comes by mail as soon as you have registered."
    return "The host will say how; those who are registered hear of it by mail."


def dates_to_choose(calls: Sequence[Call]) -> Choices:
    """Calls as choices of a form: their address, and when and what they are."""
    return [(call.address, f"{_moment(call)}{_subject(call)}") for call in calls]


def _moment(call: Call) -> str:
    wall = call.wall
    return f"{wall:%a} {wall.day} {wall:%b} {wall.year}, {wall:%H:%M} {zones.time_name(call.zone)}"


def _subject(call: Call) -> str:
    return f": {text.excerpt(call.name, 60)}" if call.title or call.guest_name else ""


def words_change_at(calls: Iterable[Call], now: datetime) -> datetime | None:
    """The next moment at which one of the calls begins or ends, and a page about them says something else."""
    return min((moment for call in calls for moment in (call.starts_at, call.ends_at) if moment > now), default=None)


def summary(words: str) -> str:
    """The beginning of a description, for lists, search engines and previews: its first paragraph, as far as there is room."""
    return text.excerpt(markdown_to_text(words).partition("\n\n")[0], SUMMARY)


def show_here(ask: Ask, session: Session) -> Show:
    """The show at this address; a draft is there for the members of its account alone."""
    show = queries.show_by_slug(session, ask.part("slug"))
    if show is None or (show.published_at is None and not _is_at_home(ask, session, show)):
        raise NotFound("There is no show at this address.")
    return show


def published_show(ask: Ask, session: Session) -> Show:
    """The show at this address, for everything but looking at it."""
    show = queries.show_by_slug(session, ask.part("slug"))
    if show is None or show.published_at is None:
        raise NotFound("There is no show at this address.")
    return show


def _is_at_home(ask: Ask, session: Session, show: Show) -> bool:
    sign_in = visitors.whoever(ask, session)
    return sign_in is not None and sign_in.member.account_id == show.account_id


def call_here(ask: Ask, session: Session, show: Show) -> Call:
    call = queries.call_at(session, show.id, ask.part("address"))
    if call is None:
        raise NotFound("There is no call at this address.")
    return call


def is_coming(registration: Registration, now: datetime) -> bool:
    """Whether somebody still has this call before her."""
    return registration.is_confirmed and registration.call.cancelled_at is None and registration.call.ends_at > now
