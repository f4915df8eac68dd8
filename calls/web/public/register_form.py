"""The form by which people register, and what becomes of it, wherever it stands.

The answer is the same for somebody new and for somebody who is known: whoever types an address learns nothing about the
person behind it, changes nothing that she has said, and is shown no link of hers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground.database import TROUBLE, is_away
from calls.ground.refusals import Invalid, Refused
from calls.joining import asking
from calls.joining import queries as joining
from calls.registrations import attending, origins, passing, registering, seating, welcoming
from calls.registrations import queries as registrations
from calls.registrations.attending import Person
from calls.registrations.registering import FULL, Full
from calls.shows import queries as shows
from calls.shows.facts import CallFacts
from calls.shows.models import Call, Show
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.public import shown

ALL, ONE = "all", "one"
TRAP = "website"

Again = Callable[[Form, int], Answer]
Wanted = Show | CallFacts
Choose = Callable[[Session], Wanted]
Done = Callable[["Wish"], Answer]


@dataclass(frozen=True)
class Wish:
    """Who wants to come, what she wants asked, and where she came from."""

    person: Person
    question: str
    via: str | None = None


def registered(ask: Ask, which: str, choose: Choose, again: Again, done: Done) -> Answer:
    """Register whom the form names for what `choose` finds; `again` shows the form once more, `done` leads on.

    `which` is the address of the call where nothing but that decides, else "" or `ALL`.

    A full call is full for somebody who has a seat already, too: her mail goes to her, and nobody else can tell.
    """
    ask.house.limits.check("register", ask.now, network=ask.client, address=ask.form.value("email"))
    try:
        wish = read(ask.form)
        if not _welcomed(ask, which, wish):
            _enter_step_by_step(ask, choose, wish)
    except Invalid as refusal:
        return again(ask.form.with_errors(refusal.errors), 422)
    except Refused as refusal:
        return again(ask.form.with_errors({"": refusal.sentence}), 409)
    return done(wish)


def _welcomed(ask: Ask, which: str, wish: Wish) -> bool:
    """Whether somebody new could be registered in a single statement; if not, she may be on the usual way."""
    database, is_guarded = ask.house.database, ask.house.take_seat is seating.take
    if not is_guarded or which in ("", ALL) or wish.question:
        return False
    try:
        with database.single() as session:
            return welcoming.welcome(session, ask.part("slug"), which, wish.person, now=ask.now, via=wish.via) is not None
    except TROUBLE as trouble:
        if not is_away(trouble):
            raise
        return False  # or done, and nobody could say so: then she is known, and is told so once more


def _enter_step_by_step(ask: Ask, choose: Choose, wish: Wish) -> None:
    with ask.house.database.transaction() as session:
        has_seat = enter(ask, session, choose(session), wish)
    if not has_seat:
        raise Full(FULL)


def begun(ask: Ask, show: Show, call: str) -> Form:
    """The form as it is found: this call chosen, and the word by which the asker came, if her address has one."""
    via = origins.origin(ask.query.value(origins.FIELD))
    return Form.of({"zone": show.zone, "which": ONE, "call": call, origins.FIELD: via})


def read(form: Form) -> Wish:
    """The form's words, or every fault in them at once."""
    errors: dict[str, str] = {}
    person, question = Person(form.value("name"), form.value("email"), form.value("zone")), ""
    try:
        person = attending.checked(person)
    except Invalid as refusal:
        errors |= refusal.errors
    try:
        question = asking.checked(form.value("question"))
    except Invalid as refusal:
        errors |= refusal.errors
    if form.value(TRAP):
        # Nobody sees that field. A program that fills everything in is stopped; a person whose browser did is not lost.
        errors[""] = "A field that must stay empty was filled in by a program. It is empty again: please send the form once more."
    if errors:
        raise Invalid(errors)
    return Wish(person, question, origins.origin(form.value(origins.FIELD)))


def value_of(form: Form) -> str:
    """The address of the call that the form asks for, or `ALL`, whichever way it asks."""
    return ALL if form.value("which") == ALL else form.value("call")


def found(ask: Ask, session: Session, value: str) -> Wanted:
    """The call of this page's published show that was chosen, or the show for all of them. Raises as `chosen` does."""
    facts = shows.facts_at(session, ask.part("slug"), value) if value != ALL else None
    if facts is not None and facts.published_at is not None:
        return facts
    show = shown.published_show(ask, session)
    call = chosen(session, show, value)
    return shows.facts_of(call) if call else show


def chosen(session: Session, show: Show, value: str) -> Call | None:
    """The call of the show that was chosen, or None for all of them. Raises Invalid for `call`."""
    if value == ALL:
        return None
    call = shows.call_at(session, show.id, value)
    if call is None:
        raise Invalid({"call": "Choose one of the dates from the list."})
    return call


def enter(ask: Ask, session: Session, wanted: Wanted, wish: Wish) -> bool:
    """Register, and keep the question; False when it must look as if the call were full."""
    if isinstance(wanted, Show):
        a_pass = passing.register_for_all(session, wanted, wish.person, by=None, now=ask.now, via=wish.via)
        coming = registrations.registrations_of_attendee(session, a_pass.attendee_id, ask.now) if wish.question else []
        first = next((it for it in coming if it.call.show_id == wanted.id), None)
        if first:
            _ask(ask, session, first.id, first.call_id, wish.question)
        return True
    take = ask.house.take_seat
    outcome = registering.register(session, wanted, wish.person, by=None, now=ask.now, take=take, via=wish.via)
    if wish.question:
        _ask(ask, session, outcome.registration_id, wanted.id, wish.question)
    return outcome.is_new or wanted.has_seats


def _ask(ask: Ask, session: Session, registration_id: UUID, call_id: UUID, question: str) -> None:
    """Keep the question, unless one stands there: a stranger may be typing."""
    if joining.question_of(session, registration_id, call_id) is None:
        asking.ask(session, registration_id, call_id, question, now=ask.now)
