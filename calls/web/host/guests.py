"""The bench: everybody whom the host might ask, looked through by state, tag, member and words; and who is asked next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from calls.ground.refusals import NotFound
from calls.ground.text import count, slug
from calls.guests import benching, browsing, queries, standing, turns
from calls.guests.browsing import Wanted
from calls.guests.models import Guest
from calls.messages.queries import GUEST_THANKED
from calls.team import queries as team
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import visits
from calls.web.host.paging import page_wanted
from calls.web.host.sheets import saved
from calls.web.host.visits import Visit
from calls.web.pages import redirect

BENCH = "/host/guests"
PAGE = 50
MOST = 50_000
LONGEST_SEARCH = 200
IN_TURN = "turn"
STEPS = {"up": -1, "down": 1}
HEAD = (
    *("Name", "E-mail", "Phone", "Time zone", "Met", "Topics", "Tags", "Last contact", "Notes"),
    *("State", "Looked after by", "Turn"),
)


@dataclass(frozen=True)
class Filter:
    """What the query asks for, as it stands in addresses and as the bench is looked through."""

    facts: Mapping[str, str]
    wanted: Wanted

    def address(self, path: str = BENCH, **more: str) -> str:
        facts = {name: value for name, value in {**self.facts, **more}.items() if value}
        return f"{path}?{urlencode(facts)}" if facts else path


@get("/host/guests")
def bench(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        found = filter_of(ask)
        total = browsing.count_of(here.session, here.account_id, found.wanted, here.now, thanked=GUEST_THANKED)
        page = max(1, min(page_wanted(ask), -(-total // PAGE)))
        return _page(here, found, total, page)


@get("/host/guests.csv")
def sheet(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        found = filter_of(ask)
        members = {it.id: it.name for it in team.members_of(here.session, here.account_id)}
        rows = browsing.guests_of(here.session, here.account_id, found.wanted, here.now, thanked=GUEST_THANKED, limit=MOST)
        filename = f"{slug(here.member.account.name)}-guests.csv"
        return saved(filename, HEAD, (_cells(guest, state, members) for guest, state in rows))


@post("/host/guests/order")
def order(ask: Ask) -> Answer:
    """Numbers that were typed into the list, or one step up or down."""
    with visits.doing(ask) as here:
        waiting = [it.id for it in queries.waiting_of(here.session, here.account_id)]
        wanted = _step(ask.form, waiting) or dict(_typed(ask.form))
        benching.order(here.session, here.account_id, turns.arranged(waiting, wanted), by=here.by, now=here.now)
    page = ask.form.value("page")
    facts = {"state": IN_TURN, "done": "ordered"} | ({"page": page} if page.isdigit() and page != "1" else {})
    return redirect(f"{BENCH}?{urlencode(facts)}")


def filter_of(ask: Ask) -> Filter:
    """The filter that the address asks for. Raises NotFound for a state that there is none of."""
    state, tag = ask.query.value("state"), ask.query.value("tag")
    search, member = ask.query.value("search").strip()[:LONGEST_SEARCH], ask.query.value("member")
    if state and state not in {IN_TURN, *standing.STANDINGS}:
        raise NotFound
    has_turn = state == IN_TURN
    wanted = Wanted("" if has_turn else state, tag, _id(member) if member else None, search, has_turn)
    return Filter({"state": state, "search": search, "tag": tag, "member": member}, wanted)


def _page(here: Visit, found: Filter, total: int, page: int) -> Answer:
    first = (page - 1) * PAGE
    rows = browsing.guests_of(
        here.session, here.account_id, found.wanted, here.now, thanked=GUEST_THANKED, limit=PAGE, offset=first
    )
    state = found.facts["state"]
    members = team.members_of(here.session, here.account_id)
    tabs = [("All", ""), ("In turn", IN_TURN), *((it.capitalize(), it) for it in standing.STANDINGS)]
    return here.page(
        "host/guests.html",
        tabs=[(words, found.address(state=it), it == state) for words, it in tabs],
        state=state,
        meaning=standing.MEANINGS.get(state, ""),
        is_in_turn=state == IN_TURN,
        is_looked_for=any(found.facts.values()),
        rows=rows,
        names={it.id: it.name for it in members},
        form=Form.of(dict(found.facts)),
        tags=[("", "Any"), *((it, it) for it in browsing.tags_of(here.session, here.account_id))],
        members=[("", "Anybody"), *((it.id, it.name) for it in members)],
        is_filtered=any(found.facts[it] for it in ("search", "tag", "member")),
        sheet=found.address(f"{BENCH}.csv"),
        total=total,
        first=first + 1,
        last=first + len(rows),
        page_number=page,
        previous=found.address(page=str(page - 1)) if page > 1 else "",
        next=found.address(page=str(page + 1)) if first + len(rows) < total else "",
        done=_done(here.ask),
    )


def _done(ask: Ask) -> str:
    number = ask.query.value("number")
    if ask.query.value("done") == "imported" and number.isascii() and number.isdigit() and len(number) < 5:
        return count(int(number), "One person is on the bench now.", "{n} people are on the bench now.")
    return "The order is kept." if ask.query.value("done") == "ordered" else ""


def _step(form: Form, waiting: list[UUID]) -> dict[UUID, int]:
    """One place up or down for the guest whose button was pressed; nothing where none was."""
    for name, step in STEPS.items():
        moved = _id(form.value(name)) if form.has(name) else None
        if moved in waiting:
            return {moved: max(1, waiting.index(moved) + 1 + step)}
    return {}


def _typed(form: Form) -> Iterator[tuple[UUID, int]]:
    """The numbers that are other than they were shown; a field's name says which it was: `turn-3-` and the guest's id."""
    for name, value in form.fields():
        start, _, rest = name.partition("-")
        shown, _, guest_id = rest.partition("-")
        number = value.strip()
        if start == "turn" and number != shown and number.isascii() and number.isdigit() and len(number) < 7:
            yield _id(guest_id), int(number)


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as fault:
        raise NotFound from fault


def _cells(guest: Guest, state: str, members: Mapping[UUID, str]) -> tuple[str, ...]:
    return (
        guest.name,
        guest.email or "",
        guest.phone,
        guest.zone,
        guest.met,
        guest.topics,
        ", ".join(guest.tags),
        _day(guest.contacted_on),
        guest.notes,
        state,
        members.get(guest.looked_after_by_id, "") if guest.looked_after_by_id else "",
        str(guest.place or ""),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


PAGES = (bench, sheet, order)
