"""Put a show's mails into the host's own words, and choose when its reminders go."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.ground import text
from calls.ground.database import insert_once, new_id
from calls.ground.links import Links
from calls.ground.refusals import NotFound
from calls.ground.tokens import Keys
from calls.history.keeping import SYSTEM, Actor, Subject, keep
from calls.messages import queries, reminders, wording
from calls.messages.composing import sample
from calls.messages.desk import Desk
from calls.messages.mail import Mail
from calls.messages.mails import MAILS
from calls.messages.models import Reminder, Words
from calls.messages.wording import Parts
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call, Show
from calls.team.roles import require

# The letters of a preview lead nowhere: their links are signed with a key that opens nothing.
NO_KEYS = Keys(b"a preview opens nothing")


class OwnWords(NamedTuple):
    """Subject and body of a mail, and whether they are the host's own."""

    subject: str
    body: str
    is_own: bool


def editable(mail: str) -> Mail:
    """A mail that a host may put into own words. Raises NotFound for any other."""
    found = MAILS.get(mail)
    if found is None or not found.is_editable:
        raise NotFound
    return found


def words_of(session: Session, desk: Desk, show: Show, mail: str) -> OwnWords:
    """The words a mail of the show has now. Raises NotFound."""
    editable(mail)
    own = queries.own_words(session, show.id, mail)
    return OwnWords(own.subject, own.body, True) if own else OwnWords(*desk.standard_words(mail), False)


def checked(mail: str, subject: str, body: str) -> tuple[str, str]:
    """The words as they will be kept. Raises Invalid on "subject" and "body": too long, empty, or an unknown placeholder."""
    subject, body = text.clean_line(subject), text.clean(body).strip()
    wording.check(subject, body, editable(mail).placeholders)
    return subject, body + "\n"


def set_words(session: Session, show: Show, mail: str, subject: str, body: str, *, by: Actor, now: datetime) -> None:
    """Give one mail of a show the host's own words. Mails that wait go out in them."""
    require(by, "write mails", show.account_id)
    subject, body = checked(mail, subject, body)
    own = queries.own_words(session, show.id, mail)
    if own and (own.subject, own.body) == (subject, body):
        return
    session.merge(Words(show_id=show.id, mail=mail, subject=subject, body=body))
    keep(session, "words.set", _subject(show), by=by, now=now, facts={"mail": mail, "label": MAILS[mail].label})


def reset_words(session: Session, show: Show, mail: str, *, by: Actor, now: datetime) -> None:
    """Go back to the product's words. Where they stand already nothing happens."""
    require(by, "write mails", show.account_id)
    label = editable(mail).label
    own = queries.own_words(session, show.id, mail)
    if own:
        session.delete(own)
        keep(session, "words.reset", _subject(show), by=by, now=now, facts={"mail": mail, "label": label})


def preview(
    session: Session, desk: Desk, show: Show, mail: str, words: tuple[str, str], now: datetime
) -> tuple[str, Parts] | None:
    """Whose letter it would be, and how it would read to her; None while nobody is registered.

    Its links look like hers and open nothing. Raises Invalid for words that could not be sent.
    """
    checked(mail, *words)
    registration = _somebody(session, show, now)
    if registration is None:
        return None
    paper = replace(desk, links=Links(desk.links.url, NO_KEYS))
    return registration.attendee.name, sample(session, paper, show, mail, words, registration, now)


def set_reminders(session: Session, show: Show, minutes: Iterable[int], *, by: Actor, now: datetime) -> None:
    """Choose the reminders of all calls of a show, each in minutes before the start. Raises Invalid on "reminders"."""
    require(by, "write mails", show.account_id)
    chosen = reminders.checked(minutes)
    was = queries.reminders_of(session, show.id)
    if chosen == was:
        return
    gone = set(was) - set(chosen)
    session.execute(sa.delete(Reminder).where(Reminder.show_id == show.id, Reminder.minutes.in_(gone)))
    _add(session, show, set(chosen) - set(was), now)
    keep(session, "reminders.set", _subject(show), by=by, now=now, facts={"was": was, "to": chosen})


def usual_reminders(session: Session, show: Show, *, now: datetime) -> None:
    """Give a new show its reminders: a day, an hour and fifteen minutes before."""
    _add(session, show, set(reminders.USUAL), now)
    keep(session, "reminders.set", _subject(show), by=SYSTEM, now=now, facts={"was": [], "to": list(reminders.USUAL)})


def _add(session: Session, show: Show, minutes: Iterable[int], now: datetime) -> None:
    rows = [{"id": new_id(), "created_at": now, "show_id": show.id, "minutes": it} for it in sorted(minutes)]
    insert_once(session, cast(sa.Table, Reminder.__table__), rows)


def _somebody(session: Session, show: Show, now: datetime) -> Registration | None:
    """Somebody registered for the show whom a letter can reach: for the next call to come, else for the last there was."""
    wanted = (
        sa.select(Registration)
        .join(Registration.call)
        .join(Registration.attendee)
        .options(contains_eager(Registration.call).joinedload(Call.show), contains_eager(Registration.attendee))
        .where(Call.show_id == show.id, Registration.state == CONFIRMED, Attendee.email.is_not(None))
        .limit(1)
    )
    coming = wanted.where(Call.ends_at > now, Call.cancelled_at.is_(None)).order_by(Call.starts_at, Registration.id)
    return session.scalar(coming) or session.scalar(wanted.order_by(Call.starts_at.desc(), Registration.id))


def _subject(show: Show) -> Subject:
    return Subject(show.id, show.account_id, show.id)
