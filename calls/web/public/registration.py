"""A person's own page: her registration, or her pass with all its dates; how to get in, her calendar, and what she may change."""

from sqlalchemy.orm import Session

from calls.calendars import add_links, ical, publishing, updating
from calls.calendars import queries as calendars
from calls.calendars.happening import Happening
from calls.ground.refusals import Invalid, NotFound, Refused
from calls.joining import asking, doors, rooms
from calls.joining import queries as joining
from calls.joining.rooms import WayIn
from calls.registrations import attending, passing, queries, registering
from calls.registrations.attending import Person
from calls.registrations.models import Pass, Registration
from calls.registrations.registering import Full
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.pages import page, redirect, text
from calls.web.public import shown
from calls.web.public.bringing import bringing
from calls.web.public.holders import Holder, holder, of, registered
from calls.web.subscribing import OwnFeed, own_feed

ICS = "text/calendar; charset=utf-8"
NO_ADDRESS = "We have no e-mail address of yours. Give one first, then your links come to it."
DONE = {
    "cancelled": "Your seat is given back. The mail and the calendar entry that say so are on their way.",
    "given-back": "Your pass is given back, with all its seats to come.",
    "moved": "You are registered for this date now. The new details are on their way by mail.",
    "person": "Saved.",
    "sent": "Your details are on their way by mail.",
    "asked": "Your question is kept.",
    "feed": "Your calendar has a new address. The old one shows nothing of yours any more.",
    "feed-withdrawn": "Your calendar is withdrawn. Its address shows nothing of yours any more.",
    "feed-opened": "You have your own calendar again, at a new address.",
    "again": "You have a seat again. The details are on their way by mail.",
}


@get("/r/{token}")
def registration(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        found = holder(ask, session)
        if found.a_pass:
            return _pass_page(ask, session, found, found.a_pass)
        mine = of(found)
        question = joining.question_of(session, mine.id, mine.call_id)
        return registration_page(ask, session, found, mine, Form.of({"question": question.text if question else ""}))


@post("/r/{token}/question")
def ask_question(ask: Ask) -> Answer:
    ask.house.limits.check("ask", ask.now, network=ask.client)
    try:
        with ask.house.database.transaction() as session:
            found, mine = registered(ask, session)
            if not shown.is_coming(mine, ask.now):
                raise Refused("This call is not before you any more, so nothing can be asked.")
            if not ask.form.value("question").strip():
                raise Invalid({"question": "Write your question first."})
            asking.ask(session, mine.id, mine.call_id, ask.form.value("question"), now=ask.now)
    except Invalid as refusal:
        return _again(ask, ask.form.with_errors(refusal.errors), 422)
    return done(found, "asked")


@post("/r/{token}/mail")
def resend(ask: Ask) -> Answer:
    """Have everything sent once more."""
    with ask.house.database.transaction() as session:
        found = holder(ask, session)
        email = found.attendee.email
        if email is None:
            raise Refused(NO_ADDRESS)
        ask.house.limits.check("resend", ask.now, network=ask.client, address=email)
        if found.registration:
            registering.ask_again(session, found.registration, by=found.actor, now=ask.now)
        elif found.a_pass and found.a_pass.cancelled_at is None:
            person = Person(found.attendee.name, email, found.attendee.zone)
            passing.register_for_all(session, found.show, person, by=None, now=ask.now)
        else:
            raise Refused("This pass was given back.")
    return done(found, "sent")


@post("/r/{token}/seat")
def seat(ask: Ask) -> Answer:
    """Take a seat again that was given back."""
    try:
        with ask.house.database.transaction() as session:
            found, mine = registered(ask, session)
            registering.take_again(session, mine, by=found.actor, now=ask.now, take=ask.house.take_seat)
    except Full as refusal:
        return _again(ask, Form().with_errors({"": f"{refusal.sentence} Choose another date instead."}), 409)
    return done(found, "again")


@post("/r/{token}/feed")
def renew_feed(ask: Ask) -> Answer:
    """Give her feed a new address, and withdraw the one that others may have got to know."""
    ask.house.limits.check("ask", ask.now, network=ask.client)
    with ask.house.database.transaction() as session:
        found = holder(ask, session)
        feed = calendars.feed_of(session, found.attendee.id) or updating.open_feed(session, found.attendee.id, ask.now)
        updating.rotate_feed(session, feed, ask.now)
    return done(found, "feed")


@post("/r/{token}/feed/withdrawal")
def withdraw_feed(ask: Ask) -> Answer:
    """End her feed's address without another. Who had chosen the feed alone gets invitations again, or she would hear nothing."""
    with ask.house.database.transaction() as session:
        found = holder(ask, session)
        her = found.attendee
        feed = calendars.feed_of(session, her.id)
        if feed:
            updating.withdraw_feed(session, feed, ask.now)
        if feed and her.calendar == "feed":
            attending.change_person(session, her, her.name, her.zone, "auto", by=found.actor, now=ask.now)
    return done(found, "feed-withdrawn")


@post("/r/{token}/feed/opening")
def open_feed(ask: Ask) -> Answer:
    """Have a feed again after it was withdrawn."""
    ask.house.limits.check("ask", ask.now, network=ask.client)
    with ask.house.database.transaction() as session:
        found = holder(ask, session)
        updating.open_feed(session, found.attendee.id, ask.now)
    return done(found, "feed-opened")


@get("/r/{token}/entry.ics")
def entry(ask: Ask) -> Answer:
    """The call as a file for her calendar, with the UID of her invitation."""
    with ask.house.database.reading() as session:
        _, mine = registered(ask, session)
        own = calendars.entry_of(session, mine.id)
        if not mine.is_confirmed:
            raise NotFound("This seat was given back, so there is nothing to put into a calendar.")
        if own is None:
            raise Refused("Your calendar entry is just being made. Please try again in a minute.")
        way_in = joining.way_in(session, mine.call)
        body = ical.download(publishing.personal_happening(own, mine, way_in, ask.house.links))
        name = f"{mine.call.show.slug}-{mine.call.address}.ics"
    answer = text(body, ICS, filename=name)
    return answer.with_header("x-robots-tag", "noindex").with_header("referrer-policy", "no-referrer")


def done(found: Holder, what: str) -> Answer:
    """Back to her page, which says what was done."""
    return redirect(f"{found.address}?done={what}")


def _again(ask: Ask, form: Form, status: int) -> Answer:
    with ask.house.database.reading() as session:
        found, mine = registered(ask, session)
        return registration_page(ask, session, found, mine, form, status)


def registration_page(ask: Ask, session: Session, found: Holder, mine: Registration, form: Form, status: int = 200) -> Answer:
    call = mine.call
    way_in = joining.way_in(session, call)
    return page(
        ask,
        "public/registration.html",
        status,
        private=True,
        show=found.show,
        me=found,
        mine=mine,
        it=shown.listed(call, ask.now),
        is_coming=shown.is_coming(mine, ask.now),
        done=DONE.get(ask.query.value("done"), ""),
        way_in=way_in,
        tap=rooms.tap(way_in) if way_in.phone else "",
        opens_at=call.starts_at - doors.BEFORE,
        bringing=bringing(session, mine),
        join=ask.house.links.here.join(mine.id, found.attendee.generation),
        add=_add_links(ask, mine, way_in),
        feed=_feed(ask, session, found),
        form=form,
    )


def _pass_page(ask: Ask, session: Session, found: Holder, a_pass: Pass) -> Answer:
    mine = queries.registrations_of_attendee(session, found.attendee.id, ask.now)
    here, generation = ask.house.links.here, found.attendee.generation
    return page(
        ask,
        "public/pass.html",
        private=True,
        show=found.show,
        me=found,
        a_pass=a_pass,
        done=DONE.get(ask.query.value("done"), ""),
        dates=[
            (shown.listed(it.call, ask.now), here.registration(it.id, generation))
            for it in mine
            if it.call.show_id == found.show.id
        ],
        way_in=joining.of(joining.room(session, found.show.id, None)),
        feed=_feed(ask, session, found),
    )


def _feed(ask: Ask, session: Session, found: Holder) -> OwnFeed | None:
    """Her own feed; it is made with her first registration's entry, a moment after it."""
    feed = calendars.feed_of(session, found.attendee.id)
    return own_feed(feed, ask.house.links, "calls", "Your calls") if feed else None


def _add_links(ask: Ask, mine: Registration, way_in: WayIn) -> dict[str, str]:
    """Forms of calendars on the web, filled in. They may hold number and code, never a link with a secret."""
    happening = publishing.public_happening(mine.call, ask.house.links)
    dial = "" if way_in.is_page_only else rooms.in_words(way_in)
    return {
        "Google": _google(happening, dial),
        "Outlook": _outlook(happening, dial),
        "Outlook at work": _outlook(happening, dial, True),
    }


def _google(it: Happening, dial: str) -> str:
    return add_links.google_event(it.summary, it.starts_at, it.ends_at, _details(it), dial or it.location)


def _outlook(it: Happening, dial: str, work: bool = False) -> str:
    return add_links.outlook_event(it.summary, it.starts_at, it.ends_at, _details(it), dial or it.location, work)


def _details(it: Happening) -> str:
    return f"{it.description}\n\n{it.url}"


PAGES = (registration, ask_question, resend, seat, renew_feed, withdraw_feed, open_feed, entry)
