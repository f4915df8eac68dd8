"""The mails of a show: their words, with a preview on somebody who is really registered, and when its reminders go."""

from typing import Literal

from pydantic import BaseModel, Field

from calls.ground.refusals import Invalid
from calls.messages import editing, placeholders, queries, reminders
from calls.messages.mails import MAILS
from calls.messages.wording import Parts
from calls.shows.models import Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import visits
from calls.web.host.letters import with_letter
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.web.reading import read

LOOK = "look"
UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
DONE = {
    "saved": "Saved. Mails that wait go out in these words.",
    "reset": "Done. This mail is in our words again.",
    "added": "The reminder is added.",
    "removed": "The reminder is removed.",
}


class Before(BaseModel):
    """The form for one more reminder."""

    number: int = Field(title="a number", ge=1, le=100_000)
    unit: Literal["minutes", "hours", "days"] = Field(title="minutes, hours or days")


@get("/host/shows/{show_id}/mails")
def mails(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _list_page(here, here.show(), Form.of({"unit": "hours"}))


@post("/host/shows/{show_id}/reminders")
def add_reminder(ask: Ask) -> Answer:
    try:
        typed = read(Before, ask.form)
        with visits.doing(ask) as here:
            show = here.show()
            wanted = [*queries.reminders_of(here.session, show.id), typed.number * UNITS[typed.unit]]
            editing.set_reminders(here.session, show, wanted, by=here.by, now=here.now)
    except Invalid as refusal:
        errors = {"number" if name == "reminders" else name: sentence for name, sentence in refusal.errors.items()}
        with visits.looking(ask) as here:
            return _list_page(here, here.show(), ask.form.with_errors(errors), 422)
    return redirect(f"/host/shows/{show.id}/mails?done=added")


@post("/host/shows/{show_id}/reminders/{minutes}/removal")
def remove_reminder(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        show = here.show()
        kept = [it for it in queries.reminders_of(here.session, show.id) if str(it) != ask.part("minutes")]
        editing.set_reminders(here.session, show, kept, by=here.by, now=here.now)
        return redirect(f"/host/shows/{show.id}/mails?done=removed")


@get("/host/shows/{show_id}/mails/{mail}")
def words(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        show = here.show()
        here.require("write mails")
        found = editing.words_of(here.session, ask.house.desk, show, ask.part("mail"))
        return _words_page(here, show, Form.of({"subject": found.subject, "body": found.body}))


@post("/host/shows/{show_id}/mails/{mail}")
def change_words(ask: Ask) -> Answer:
    mail, subject, body = ask.part("mail"), ask.form.value("subject"), ask.form.value("body")
    try:
        if ask.form.value("deed") == LOOK:
            with visits.looking(ask) as here:
                return _words_page(here, here.show(), ask.form)
        with visits.doing(ask) as here:
            show = here.show()
            editing.set_words(here.session, show, mail, subject, body, by=here.by, now=here.now)
    except Invalid as refusal:
        with visits.looking(ask) as here:
            return _words_page(here, here.show(), ask.form.with_errors(refusal.errors), 422)
    return redirect(f"/host/shows/{show.id}/mails/{mail}?done=saved")


@post("/host/shows/{show_id}/mails/{mail}/standard")
def reset_words(ask: Ask) -> Answer:
    mail = ask.part("mail")
    with visits.doing(ask) as here:
        show = here.show()
        editing.reset_words(here.session, show, mail, by=here.by, now=here.now)
        return redirect(f"/host/shows/{show.id}/mails/{mail}?done=reset")


def _list_page(here: Visit, show: Show, form: Form, status: int = 200) -> Answer:
    desk, own = here.ask.house.desk, queries.all_own_words(here.session, show.id)
    listed = []
    for name, mail in MAILS.items():
        if mail.is_editable:
            subject = own[name].subject if name in own else desk.standard_words(name)[0]
            listed.append((name, mail, subject, name in own))
    return here.page(
        "host/mails.html",
        status,
        show=show,
        form=form,
        listed=listed,
        reminders=[(it, reminders.in_words(it)) for it in queries.reminders_of(here.session, show.id)],
        units=[(it, it) for it in UNITS],
        done=DONE.get(here.ask.query.value("done"), ""),
    )


def _words_page(here: Visit, show: Show, form: Form, status: int = 200) -> Answer:
    here.require("write mails")
    name, desk = here.ask.part("mail"), here.ask.house.desk
    mail, standing = editing.editable(name), editing.words_of(here.session, desk, show, name)
    seen = None if form.errors else _preview(here, show, name, form)
    answer = here.page(
        "host/mail.html",
        status,
        show=show,
        mail=mail,
        form=form,
        is_own=standing.is_own,
        is_unsaved=here.ask.method == "POST",
        placeholders=placeholders.listed(mail.placeholders),
        reader=seen[0] if seen else "",
        letter=seen[1] if seen else None,
        done=DONE.get(here.ask.query.value("done"), ""),
    )
    return with_letter(answer, seen[1].html) if seen else answer


def _preview(here: Visit, show: Show, mail: str, form: Form) -> tuple[str, Parts] | None:
    typed = (form.value("subject"), form.value("body"))
    return editing.preview(here.session, here.ask.house.desk, show, mail, typed, here.now)


PAGES = (mails, add_reminder, remove_reminder, words, change_words, reset_words)
