"""What a guest sends in for a call: three things that are needed, the rest whenever she likes, saved as she types.

Where scripts run the form is sent quietly now and then; where they do not, there is the button. Two may write at once, the guest
and her assistant: neither loses a word without being told.
"""

import json
from typing import Any

from calls.ground.refusals import Invalid
from calls.ground.text import excerpt, in_words
from calls.guests import agreement, preparing, queries
from calls.guests import prep as rules
from calls.guests.cuts import LARGEST_FILE, Cut
from calls.guests.models import Picture
from calls.guests.preparing import Saved, Typed
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.guest import filling
from calls.web.guest.filling import Filling, Opening
from calls.web.pages import redirect, text

JSON = "application/json"
MOST_SENT = 9
CONSENTS = [("yes", "Yes, I agree"), ("no", "No, please do not record")]
DONE = {
    "saved": "Saved.",
    "picture": "The photo is removed.",
    "opened": "The link for your assistant is open.",
    "withdrawn": "The link for your assistant is withdrawn; it opens nothing any more.",
    "one-sheet": "Taken from your one-sheet. Look it over below.",
}


@get("/g/{token}/prep")
def show_guest(ask: Ask) -> Answer:
    return _look(ask, filling.guest)


@post("/g/{token}/prep", takes_file=LARGEST_FILE)
def save_guest(ask: Ask) -> Answer:
    return _save(ask, filling.guest)


@post("/g/{token}/prep/picture")
def remove_picture(ask: Ask) -> Answer:
    return _remove_picture(ask, filling.guest)


@post("/g/{token}/prep/assistant")
def assist(ask: Ask) -> Answer:
    """Open the assistant's link, or withdraw it."""
    is_opening = ask.form.value("deed") == "open"
    act = preparing.hand_on if is_opening else preparing.take_back
    with filling.guest(ask, True) as it:
        act(it.session, it.booking, by=it.by, now=it.now)
    return redirect(f"{it.address}?done={'opened' if is_opening else 'withdrawn'}")


@get("/p/{token}")
def show_assistant(ask: Ask) -> Answer:
    return _look(ask, filling.assistant)


@post("/p/{token}", takes_file=LARGEST_FILE)
def save_assistant(ask: Ask) -> Answer:
    return _save(ask, filling.assistant)


@post("/p/{token}/picture")
def remove_picture_assistant(ask: Ask) -> Answer:
    return _remove_picture(ask, filling.assistant)


def _look(ask: Ask, opening: Opening) -> Answer:
    with opening(ask, False) as it:
        kept = preparing.found(it.session, it.booking)
        return _page(it, _form(it, rules.values(kept)))


def _save(ask: Ask, opening: Opening) -> Answer:
    """Keep all that can be kept. What cannot stands on the page as it was typed, with the reason beside it."""
    is_quiet = ask.form.value("quiet") == "yes"
    cut, faults = _picture(ask, opening)
    with opening(ask, True) as it:
        typed = _typed(ask)
        saved = preparing.save(it.session, it.booking, typed, by=it.by, now=it.now)
        faults |= _consent(it) | saved.faults | {name: _clash(now) for name, now in saved.clashes.items()}
        if cut:
            preparing.set_picture(it.session, it.booking, cut, by=it.by, now=it.now)
    if is_quiet:
        return text(json.dumps(_told(ask, saved, typed, faults)), JSON)
    if faults:
        with opening(ask, False) as it:
            shown = rules.values(preparing.found(it.session, it.booking)) | {name: ask.form.value(name) for name in faults}
            form = _form(it, shown).with_errors(faults)
            return _page(it, form, 409 if saved.clashes else 422)
    return redirect(f"{it.address}?done=saved")


def _typed(ask: Ask) -> Typed:
    """What was typed. `sent-…` is what the script has sent before without hearing whether it was kept."""
    seen = ask.form.value("seen")
    for name in rules.FIELDS:
        for value in ask.form.values(f"sent-{name}")[-MOST_SENT:]:
            seen += f" {name}:{rules.mark(rules.cleaned({name: value})[name])}"
    return Typed({name: ask.form.value(name) for name in rules.FIELDS if ask.form.has(name)}, seen)


def _picture(ask: Ask, opening: Opening) -> tuple[Cut | None, dict[str, str]]:
    """The picture that was sent, cut before any transaction begins; only for somebody whose link opens this prep."""
    try:
        content = ask.form.file("picture")
        if content is None:
            return None, {}
        ask.house.limits.check("picture", ask.now, network=ask.client)
        with opening(ask, False):
            pass
        from calls.guests import pictures  # noqa: PLC0415 -- see HIDDEN_DOORS in tests/test_house.py

        return pictures.cut(content), {}
    except Invalid as refusal:
        return None, refusal.errors


def _consent(it: Filling) -> dict[str, str]:
    """Whether the call may be recorded is the guest's own to say; nothing chosen says nothing."""
    answer = it.ask.form.value("consent")
    if not answer or not it.is_guest:
        return {}
    try:
        preparing.consent(it.session, it.booking, answer, it.ask.form.value("consent_mark"), by=it.by, now=it.now)
    except Invalid as refusal:
        return refusal.errors
    return {}


def _clash(now: str) -> str:
    there = f"“{excerpt(now, 300)}”" if now else "nothing"
    return f"Somebody else has changed this meanwhile; there stands now: {there}. Yours is below. Save again to put it there."


def _told(ask: Ask, saved: Saved, typed: Typed, faults: dict[str, str]) -> dict[str, Any]:
    """What the script is answered: what it may say, and the marks for the form that stays open."""
    stands, cleaned = rules.values(saved.prep), rules.cleaned(typed.values)
    others = [rules.WORDS[name] for name in cleaned if stands[name] != cleaned[name] and name not in faults]
    said = "Saved."
    if others:
        said = f"Saved. Somebody else is writing here too: {in_words(others)}. Load the page again to see it."
    if faults:
        said = f"Not saved yet: {in_words([rules.WORDS[name] for name in faults])}. The Save button says why."
    return {
        "said": said,
        "progress": rules.progress(saved.prep),
        "seen": rules.marks_after(typed.seen, stands, cleaned),
        "is_saved": not faults,
    }


def _remove_picture(ask: Ask, opening: Opening) -> Answer:
    with opening(ask, True) as it:
        preparing.remove_picture(it.session, it.booking, by=it.by, now=it.now)
    return redirect(f"{it.address}?done=picture")


def _form(it: Filling, shown: dict[str, str]) -> Form:
    kept = preparing.found(it.session, it.booking)
    words = queries.conditions_of(it.session, it.booking.show_id).consent
    consent = kept.consent if kept.consent_words == words else ""
    marks = {"seen": rules.marks(rules.values(kept)), "consent_mark": rules.mark(words)}
    return Form.of({name: shown[name] for name in rules.FIELDS} | {"consent": consent} | marks)


def _page(it: Filling, form: Form, status: int = 200) -> Answer:
    session, booking = it.session, it.booking
    kept = preparing.found(session, booking)
    link = it.ask.house.links.prep(booking.id, kept.generation) if kept.is_handed_on else ""
    return it.page(
        "guest/prep.html",
        status,
        form=form,
        prep=kept,
        call=booking.call,
        done=DONE.get(it.ask.query.value("done"), ""),
        progress=rules.progress(kept),
        missing=rules.missing(kept),
        picture=session.get(Picture, kept.picture_id) if kept.picture_id else None,
        consents=CONSENTS,
        consent_words=queries.conditions_of(session, booking.show_id).consent,
        lines=agreement.labelled(kept.agreement or preparing.terms_of(session, booking)),
        assistant=link,
        letter=filling.letter(booking, link),
    )


PAGES = (show_guest, save_guest, remove_picture, assist, show_assistant, save_assistant, remove_picture_assistant)
