"""People from a file: pasted, looked at row by row with what would become of each, then put on the bench."""

from collections import Counter

from calls.ground.refusals import Invalid, Refusal
from calls.guests import file, importing
from calls.guests.importing import FAULTY, KNOWN, NEW, Fate
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, visits
from calls.web.host.paging import page_in
from calls.web.host.visits import Visit
from calls.web.pages import redirect

PAGE = 50
IMPORT = "import"
LOOK = "look"


@get("/host/guests/import")
def form_page(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _form_page(here, Form())


@post("/host/guests/import")
def take_in(ask: Ask) -> Answer:
    """The form again, what would become of each row, or the import, as the button says that was pressed."""
    form = ask.form
    try:
        if form.value("deed") == IMPORT:
            return _import(ask)
        with visits.looking(ask) as here:
            return _form_page(here, form) if form.value("deed") == changes.CHANGE else _preview(here, form)
    except Refusal as refusal:
        again, status = changes.refused(form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, again, status)


def _import(ask: Ask) -> Answer:
    form = ask.form
    rows = file.rows(form.value("text"))
    with visits.doing(ask) as here:
        importing.take_in(here.session, here.account_id, rows, form.value("tag"), by=here.by, now=here.now)
    return redirect("/host/guests?done=imported")


def _preview(here: Visit, form: Form) -> Answer:
    here.require("invite guests")
    fates = importing.judge(here.session, here.account_id, file.rows(_text(form)), form.value("tag"))
    wanted = form.value("fate") if form.value("fate") in {NEW, KNOWN, FAULTY} else ""
    shown = [it for it in fates if not wanted or it.fate == wanted]
    numbers = Counter(it.fate for it in fates)
    page = min(page_in(form), max(1, -(-len(shown) // PAGE)))
    return here.page(
        "host/guest_import_preview.html",
        form=form,
        fates=shown[(page - 1) * PAGE : page * PAGE],
        lines=_lines(numbers),
        new=numbers[NEW],
        tabs=[("All", "", len(fates)), *((it.capitalize(), it, numbers[it]) for it in (NEW, KNOWN, FAULTY) if numbers[it])],
        wanted=wanted,
        total=len(shown),
        first=(page - 1) * PAGE + 1,
        last=min(page * PAGE, len(shown)),
        page_number=page,
        has_next=page * PAGE < len(shown),
        tones={NEW: "good", KNOWN: "quiet", FAULTY: "bad"},
    )


def _text(form: Form) -> str:
    text = form.value("text")
    if not text.strip():
        raise Invalid({"text": "Paste a sheet or address cards."})
    return text


def _lines(numbers: Counter[str]) -> list[str]:
    return []


def _form_page(here: Visit, form: Form, status: int = 200) -> Answer:
    here.require("invite guests")
    return here.page("host/guest_import.html", status, form=form)


PAGES = (form_page, take_in)
