"""People from a file: pasted, looked at row by row with what would become of each, then put on the bench."""

from collections import Counter

from calls.ground.refusals import Refusal
from calls.ground.text import clean
from calls.guests import file, importing
from calls.guests.importing import FAULTY, KNOWN, NEW
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, visits
from calls.web.host.guests import BENCH
from calls.web.host.paging import page_in
from calls.web.host.visits import Visit
from calls.web.pages import redirect

PAGE = 50
LARGEST_FILE = 1_000_000
IMPORT = "import"
TONES = {NEW: "good", KNOWN: "quiet", FAULTY: "bad"}


@get("/host/guests/import")
def form_page(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _form_page(here, Form())


@post("/host/guests/import", takes_file=LARGEST_FILE)
def take_in(ask: Ask) -> Answer:
    """The form again, what would become of each row, or the import, as the button says that was pressed."""
    form = ask.form
    try:
        form = _with_text(form)
        if form.value("deed") == IMPORT:
            return _import(ask, form)
        with visits.looking(ask) as here:
            return _form_page(here, form) if form.value("deed") == changes.CHANGE else _preview(here, form)
    except Refusal as refusal:
        again, status = changes.refused(form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, again, status)


def _with_text(form: Form) -> Form:
    """The form with the file's text in its field, from where it goes along through all steps."""
    content = form.file("file")
    if content is None:
        return form
    return Form([*((name, value) for name, value in form.fields() if name != "text"), ("text", clean(file.decoded(content)))])


def _import(ask: Ask, form: Form) -> Answer:
    rows = file.rows(form.value("text"))
    with visits.doing(ask) as here:
        number = importing.take_in(here.session, here.account_id, rows, form.value("tag"), by=here.by, now=here.now)
    return redirect(f"{BENCH}?done=imported&number={number}")


def _preview(here: Visit, form: Form) -> Answer:
    here.require("invite guests")
    fates = importing.judge(here.session, here.account_id, file.rows(form.value("text")), form.value("tag"))
    numbers = Counter(it.fate for it in fates)
    wanted = form.value("fate") if numbers[form.value("fate")] else ""
    shown = [it for it in fates if not wanted or it.fate == wanted]
    page = min(page_in(form), -(-len(shown) // PAGE))
    first = (page - 1) * PAGE
    return here.page(
        "host/guest_import_preview.html",
        form=form,
        fates=[(it, TONES[it.fate]) for it in shown[first : first + PAGE]],
        number=numbers[NEW],
        tabs=[("All", "", len(fates)), *((it.capitalize(), it, numbers[it]) for it in TONES if numbers[it])],
        wanted=wanted,
        total=len(shown),
        first=first + 1,
        last=min(first + PAGE, len(shown)),
        page_number=page,
        has_next=first + PAGE < len(shown),
    )


def _form_page(here: Visit, form: Form, status: int = 200) -> Answer:
    here.require("invite guests")
    return here.page("host/guest_import.html", status, form=form)


PAGES = (form_page, take_in)
