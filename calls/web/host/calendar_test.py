"""The calendar test: a member sends herself an invitation, its update and its end, and says what her calendar made of each."""

from calls.calendars import queries, testing
from calls.calendars.findings import PROGRAMS, STEPS
from calls.calendars.models import CalendarTest
from calls.calendars.testing import Trial
from calls.ground.refusals import Invalid, NotFound
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import calendar_steps, visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect

HERE = "/host/calendar-test"
DONE = {"kept": "Kept.", "sent": "The mail is on its way to you."}


@get("/host/calendar-test")
def calendar_test(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _page(here, Form())


@post("/host/calendar-test")
def start(ask: Ask) -> Answer:
    """Begin a test. `over` names the one under way, which is then taken out of her calendar first."""
    try:
        with visits.doing(ask) as here:
            _count(here)
            if ask.form.value("over"):
                _end_for_another(here)
            testing.start(here.session, here.member, _trial(here), by=here.by, now=here.now)
    except Invalid as refusal:
        with visits.looking(ask) as here:
            return _page(here, ask.form.with_errors(refusal.errors), 422)
    return redirect(f"{HERE}?done=sent")


@get("/host/calendar-test/{test_id}")
def earlier_test(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        test = _test(here)
        return here.page("host/calendar_test_earlier.html", shown=calendar_steps.shown(here, test))


@post("/host/calendar-test/{test_id}/seen")
def see(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        _keep_ticks(here, _test(here))
    return redirect(f"{HERE}?done=kept")


@post("/host/calendar-test/{test_id}/change")
def change(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        _count(here)
        test = _test(here)
        _keep_ticks(here, test)
        testing.change(here.session, test, by=here.by, now=here.now)
    return redirect(f"{HERE}?done=sent")


@post("/host/calendar-test/{test_id}/end")
def end(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        _count(here)
        test = _test(here)
        _keep_ticks(here, test)
        testing.end(here.session, test, by=here.by, now=here.now)
    return redirect(f"{HERE}?done=sent")


def _page(here: Visit, form: Form, status: int = 200) -> Answer:
    """The latest test, the form for another where none is under way, and what earlier ones showed."""
    tests = queries.tests_of(here.session, here.member.id)
    sender = _sender(here)
    latest = calendar_steps.shown(here, tests[0]) if tests else None
    return here.page(
        "host/calendar_test.html",
        status,
        form=form.or_else("program", latest.program if latest else "").or_else("version", latest.version if latest else ""),
        done=DONE.get(here.ask.query.value("done"), ""),
        programs=[*PROGRAMS.items()],
        sender=sender,
        is_own_address=testing.is_own_address(here.member, sender),
        has_mailbox=here.ask.house.has_mailbox,
        shown=latest,
        earlier=[calendar_steps.outcome(it) for it in tests[1:]],
    )


def _trial(here: Visit) -> Trial:
    typed = here.ask.form
    return Trial(typed.value("program"), typed.value("version"), _sender(here), here.ask.house.has_mailbox)


def _sender(here: Visit) -> str:
    """The address that invites her."""
    return here.ask.house.desk.sender(here.member.account.name).address


def _keep_ticks(here: Visit, test: CalendarTest) -> None:
    """What is ticked in the form is kept with whichever button was pressed, so that none of it is lost."""
    step = here.ask.form.value("step")
    if step in STEPS:
        testing.tick(here.session, test, step, here.ask.form.values(f"seen-{step}"), by=here.by, now=here.now)


def _end_for_another(here: Visit) -> None:
    """Another press may have ended it by now; then there is nothing to end."""
    running = queries.running_test(here.session, here.member.id)
    if running is not None and str(running.id) == here.ask.form.value("over"):
        testing.end(here.session, running, by=here.by, now=here.now)


def _count(here: Visit) -> None:
    """Each press sends a mail. Raises TooMany."""
    here.ask.house.limits.check("calendar-test", here.now, network=here.ask.client, address=here.member.email)


def _test(here: Visit) -> CalendarTest:
    """The member's own test that the address names; anybody else's is as unknown as none. Raises NotFound."""
    found = queries.test_of(here.session, here.member.id, here.ask.id("test_id"))
    if found is None:
        raise NotFound
    return found


PAGES = (calendar_test, start, earlier_test, see, change, end)
