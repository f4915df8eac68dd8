"""A one-sheet pasted as text: split into bio, questions and links, shown for the guest to check, and kept when she says so."""

from calls.ground.refusals import Invalid
from calls.guests import one_sheet, preparing
from calls.guests import prep as rules
from calls.guests.preparing import Typed
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.guest import filling
from calls.web.guest.filling import Filling, Opening
from calls.web.pages import redirect

TAKEN = ("bio", "please_ask", "links")
NOTHING = "Paste the text of your one-sheet first."
TOO_LONG = f"That is more than a one-sheet holds. Paste at most {one_sheet.MOST:,} characters."


@get("/g/{token}/one-sheet")
def paste_guest(ask: Ask) -> Answer:
    return _paste(ask, filling.guest)


@post("/g/{token}/one-sheet")
def take_guest(ask: Ask) -> Answer:
    return _take(ask, filling.guest)


@get("/p/{token}/one-sheet")
def paste_assistant(ask: Ask) -> Answer:
    return _paste(ask, filling.assistant)


@post("/p/{token}/one-sheet")
def take_assistant(ask: Ask) -> Answer:
    return _take(ask, filling.assistant)


def _paste(ask: Ask, opening: Opening) -> Answer:
    with opening(ask, False) as it:
        return it.page("guest/one_sheet.html", form=Form())


def _take(ask: Ask, opening: Opening) -> Answer:
    """Show what was found; or, once that was looked at, keep it in the place of what stood there."""
    if ask.form.value("deed") != "keep":
        return _shown(ask, opening)
    with opening(ask, True) as it:
        stands = rules.marks(rules.values(preparing.found(it.session, it.booking)))
        typed = Typed({name: ask.form.value(name) for name in TAKEN if ask.form.has(name)}, stands)
        saved = preparing.save(it.session, it.booking, typed, by=it.by, now=it.now)
    if saved.faults:
        with opening(ask, False) as it:
            return _check(it, ask.form.with_errors(saved.faults), 422)
    return redirect(f"{it.address}?done=one-sheet")


def _shown(ask: Ask, opening: Opening) -> Answer:
    with opening(ask, False) as it:
        try:
            found = one_sheet.split(_pasted(ask))
        except Invalid as refusal:
            return it.page("guest/one_sheet.html", 422, form=ask.form.with_errors(refusal.errors))
        return _check(it, Form.of({"bio": found.bio, "please_ask": found.questions, "links": "\n".join(found.links)}))


def _pasted(ask: Ask) -> str:
    pasted = ask.form.value("sheet")
    if not pasted.strip():
        raise Invalid({"sheet": NOTHING})
    if len(pasted) > one_sheet.MOST:
        raise Invalid({"sheet": TOO_LONG})
    return pasted


def _check(it: Filling, form: Form, status: int = 200) -> Answer:
    kept = rules.values(preparing.found(it.session, it.booking))
    replaced = [rules.WORDS[name] for name in TAKEN if kept[name] and kept[name] != form.value(name)]
    return it.page("guest/one_sheet_found.html", status, form=form, replaced=replaced)


PAGES = (paste_guest, take_guest, paste_assistant, take_assistant)
