"""Change when a show is on: another rule, zone, time or length.

The preview shows exactly which calls move, vanish and appear, and which stay since somebody changed them by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from calls.ground.refusals import Refusal, Refused
from calls.ground.text import count
from calls.shows import queries, rescheduling, schedule
from calls.shows.models import Call, Show
from calls.shows.schedule import Planned, Rule
from calls.shows.transfer import Transfer
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, schedule_form, visits, zone_choice
from calls.web.host.changes import Foreseen
from calls.web.host.schedule_form import Scheduling
from calls.web.host.visits import Visit
from calls.web.reading import read


@dataclass(frozen=True)
class Shifted:
    """What becomes of each call to come: the rows themselves, as a page shows them."""

    moves: Sequence[tuple[Call, Planned]]
    vanish: Sequence[Call]
    appear: Sequence[Planned]
    kept: Sequence[tuple[Call, str]]
    unchanged: int

    @property
    def lost_seats(self) -> int:
        """How many seats are taken at calls that vanish."""
        return sum(call.taken for call in self.vanish)


@get("/host/shows/{show_id}/schedule")
def schedule_of(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        rule = queries.own_rule(here.show())
        known = schedule_form.fields_of(rule)
        if any(it.kind == "fold" for it in schedule.warnings(rule, here.now)):
            known["fold"] = rule.fold
        return _form_page(here, Form.of(known))


@post("/host/shows/{show_id}/schedule")
def reschedule(ask: Ask) -> Answer:
    if ask.form.value("deed") == changes.CHANGE:
        with visits.looking(ask) as here:
            return _form_page(here, ask.form)
    try:
        with visits.doing(ask) as here:
            return _look_or_send(here)
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, form, status)


def _look_or_send(here: Visit) -> Answer:
    here.require("plan shows")
    show, typed = here.show(), read(Scheduling, here.ask.form)
    old = queries.rule_of(here.session, show)
    found = zone_choice.meant(typed, old, here.now)
    rule = rescheduling.check(here.session, show, found.rule, here.now, found.days)
    schedule_form.check_fold(typed, rule, here.now)
    if rule == old:
        raise Refused("That is the schedule already.")
    facts = schedule_form.facts_of(rule, found.days)
    foreseen = changes.foresee(here, "reschedule", show, None, facts)
    if changes.is_sent(here.ask) and not foreseen.is_other_than_seen:
        return changes.send(here, "reschedule", show, None, facts, foreseen, f"/host/shows/{show.id}")
    return _preview_page(here, show, typed, old, replace(found, rule=rule), foreseen)


def _preview_page(here: Visit, show: Show, typed: Scheduling, old: Rule, found: Transfer, foreseen: Foreseen) -> Answer:
    shifted, rule = _shifted(here, show, foreseen, here.now), found.rule
    return here.page(
        "host/schedule_preview.html",
        show=show,
        was=schedule.in_words(old),
        words=schedule.in_words(rule),
        clocks=zone_choice.in_words(typed, old, found),
        ways=zone_choice.ways(here, show, typed, old),
        rule=rule,
        gaps=schedule_form.gaps(rule, here.now),
        shifted=shifted,
        foreseen=foreseen,
        form=here.ask.form,
    )


def _shifted(here: Visit, show: Show, foreseen: Foreseen, now: datetime) -> Shifted:
    shifts = foreseen.preview.shifts
    if shifts is None:
        raise ValueError("only another schedule shifts calls")
    calls = {call.id: call for call in rescheduling.coming(here.session, show, now)}
    stay = [calls[key] for key in shifts.stay]
    kept = [(call, why) for call in stay if (why := _kept_for(call))]
    return Shifted(
        moves=[(calls[key], planned) for key, planned in shifts.moves],
        vanish=[calls[key] for key in shifts.vanish],
        appear=shifts.appear,
        kept=kept,
        unchanged=len(stay) - len(kept),
    )


def _kept_for(call: Call) -> str:
    """Why the schedule leaves a call alone; "" when it would not, and the call is just where it shall be."""
    if call.cancelled_at:
        return "skipped" if call.is_skipped else "cancelled"
    if call.is_extra:
        return "an extra date"
    return "changed by hand" if call.is_by_hand else ""


def _form_page(here: Visit, form: Form, status: int = 200) -> Answer:
    here.require("plan shows")
    show = here.show()
    skips = len(queries.skips_of(here.session, show.id))
    return here.page(
        "host/schedule.html",
        status,
        show=show,
        waiting=changes.waiting_of(here, show),
        done=changes.done(here.ask),
        words=schedule.in_words(queries.own_rule(show)),
        form=form,
        keeps=zone_choice.options(form, queries.own_rule(show), here.now),
        keep_hint=zone_choice.HINT,
        options=schedule_form.OPTIONS,
        zones=schedule_form.zone_options(show.zone),
        skipped=count(skips, "One skipped date stays skipped.", "{n} skipped dates stay skipped.") if skips else "",
    )


PAGES = (schedule_of, reschedule)
