"""Write one letter from the newest state, at the moment when it goes.

What has become untrue or needless since the message was put into the outbox is dropped, with the reason: a reminder of
a call that moved, news that was told already, a letter about a call that is over. What would come at night, or too soon
after another mail about the same call, is held.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars.invitation import Person
from calls.ground.tokens import digest
from calls.messages import (
    composing_calls,
    composing_guests,
    composing_hosts,
    composing_passes,
    composing_tests,
    deciding,
    gathering,
    guest_mails,
    mails,
    quiet,
    telling_guests,
    voting,
)
from calls.messages import facts as words
from calls.messages.deciding import Dropped, Held
from calls.messages.desk import Desk, Foot
from calls.messages.gathering import Gathered
from calls.messages.letter import Letter, to_bytes
from calls.messages.models import Message
from calls.messages.telling import State
from calls.messages.wording import Fact, Line, Link, Parts, Passage
from calls.registrations import queries as registrations
from calls.registrations.models import Attendee, Registration
from calls.shows.models import Show
from calls.team import queries as team
from calls.team.models import Member

MANY = {"pass_confirmed", "schedule_changed", "pass_cancelled"}


@dataclass(frozen=True)
class Composed:
    """A letter ready to go, and what is true once it has gone.

    `told`: what each registered person then knows, `told_guest` the same of a guest about her booking. `invited`: the entry
    that her calendar then holds.
    """

    to: str
    sender: str
    subject: str
    body: bytes
    told: Mapping[UUID, State] = field(default_factory=dict)
    invited: UUID | None = None
    is_secret: bool = False
    told_guest: tuple[UUID, telling_guests.State] | None = None


def compose(session: Session, message: Message, known: Gathered, desk: Desk, now: datetime) -> Composed:
    """The letter as it stands now. Raises Dropped when there is none to write any more, Held when it is to wait."""
    if message.kind == "sign_in":
        return _sign_in(session, message, desk, now)
    if message.kind in mails.TESTS:
        return _by_itself(composing_tests.letter(session, message, desk, now))
    if message.kind == voting.KIND:
        return _by_itself(voting.letter(session, message, desk, now), is_secret=True)
    if message.guest_id:
        ready = composing_guests.compose(session, message, desk, now)
        return replace(_by_itself(ready.letter), told_guest=ready.told, invited=ready.invited)
    if message.kind in guest_mails.TO_HOSTS:
        return _by_itself(composing_hosts.letter(session, message, desk, now))
    attendee = known.attendees.get(message.attendee_id) if message.attendee_id else None
    if attendee is None or attendee.email is None:
        raise Dropped("there is no address to write to")
    if not mails.may_reach(message.kind, known.silences.get(attendee.id, frozenset())):
        raise Dropped("the person wants no more of these")
    if attendee.bounced_at is not None and not mails.may_reach(message.kind, frozenset({"all"})):
        raise Dropped("mail to this address came back")
    if message.kind == "your_links":
        return _your_links(session, message, attendee, desk, now)
    if "pass" in message.facts:
        return _about_pass(session, message, attendee, known, desk, now)
    return _about_call(message, known, desk, now)


def _by_itself(letter: Letter, *, is_secret: bool = False) -> Composed:
    """A letter after which nothing else is true than before."""
    return Composed(letter.receiver.address, letter.sender.address, letter.subject, to_bytes(letter), is_secret=is_secret)


def words_of(known: Gathered, desk: Desk, mail: str, show: Show) -> tuple[str, str]:
    """Subject and body of a mail: the host's own with what they must not lack, else the product's."""
    own = known.words.get((show.id, mail))
    subject, body = (own.subject, own.body) if own else desk.standard_words(mail)
    body = mails.MAILS[mail].whole(own.body) if own else body
    return subject, _with_clocks(mail, body)


def _with_clocks(mail: str, body: str) -> str:
    """What must be said first in some weeks is said, whether or not the host's own words have a place for it."""
    return body if mail not in mails.WITH_CLOCKS or "{clocks}" in body else f"{{clocks}}\n\n{body}"


def _about_call(message: Message, known: Gathered, desk: Desk, now: datetime) -> Composed:
    registration = known.registrations.get(message.registration_id) if message.registration_id else None
    if registration is None:
        raise Dropped("the registration is gone")
    found = deciding.decide(message, registration, known, now)
    show, way_in, entry = registration.call.show, known.way_in(registration.call), known.entries.get(registration.id)
    sender, receiver = desk.sender(show.name, show.slug), composing_calls.receiver(registration.attendee)
    part = composing_calls.calendar_part(found.mail, registration, entry, way_in, sender, desk.links, now, message.facts)
    is_invitation = part is not None and part.method == "REQUEST"
    is_first = is_invitation and entry is not None and entry.invited_at is None
    clocks = known.clocks(registration) if found.mail in mails.WITH_CLOCKS else ""
    own = composing_calls.Own(found.news, found.was, clocks, message.facts, is_invitation=is_invitation)
    facts = composing_calls.facts(registration, way_in, desk.links, now, own)
    foot = _foot(desk, registration.attendee, show, found.mail)
    parts = desk.parts(words_of(known, desk, found.mail, show), facts, foot)
    thread = f"{entry.uid}@{desk.links.domain}" if entry and (part or entry.invited_at) else None
    letter = Letter(
        sender,
        receiver,
        parts.subject,
        parts.text,
        parts.html,
        message_id=thread if is_first and thread else f"{message.id.hex}@{desk.links.domain}",
        date=now,
        in_reply_to=None if is_first else thread,
        unsubscribe=foot.unsubscribe,
        calendar=part.body if part else None,
        calendar_method=part.method if part else None,
    )
    told = {registration.id: found.state} if registration.is_confirmed and found.mail != mails.REFUSAL else {}
    invited = entry.id if is_first and entry else None
    return Composed(receiver.address, sender.address, parts.subject, to_bytes(letter), told, invited)


def _about_pass(session: Session, message: Message, attendee: Attendee, known: Gathered, desk: Desk, now: datetime) -> Composed:
    a_pass = registrations.pass_by_id(session, UUID(message.facts["pass"]))
    if a_pass is None:
        raise Dropped("the pass is gone")
    found = composing_passes.find(session, message.kind, a_pass, known, desk.links, now)
    last = known.schedules_sent.get((attendee.id, a_pass.show_id)) if message.kind == "schedule_changed" else None
    if last and last >= message.created_at:
        raise Dropped("a later letter has said it")
    until = quiet.hold(now, attendee.zone, None, last, is_asked=deciding.is_asked(message))
    if until > now:
        raise Held(until)
    foot = _foot(desk, attendee, a_pass.show, message.kind)
    facts = {**found.facts, "news": words.news([why] if (why := message.facts.get("why")) else [])}
    parts = desk.parts(words_of(known, desk, message.kind, a_pass.show), facts, foot)
    return _plain(message, desk, a_pass.show, attendee, parts, foot, now, found.told)


def _your_links(session: Session, message: Message, attendee: Attendee, desk: Desk, now: datetime) -> Composed:
    none = (Line("There is no call to come for this address.", {}),)
    lines = composing_passes.links_of(session, attendee, desk.links, now) or none
    facts: dict[str, Fact] = {"name": attendee.name, "links": Passage(lines)}
    foot = Foot("You get this mail because your address was typed on our page.")
    parts = desk.parts(desk.standard_words("your_links"), facts, foot)
    return _plain(message, desk, None, attendee, parts, foot, now, {})


def _plain(
    message: Message,
    desk: Desk,
    show: Show | None,
    attendee: Attendee,
    parts: Parts,
    foot: Foot,
    now: datetime,
    told: Mapping[UUID, State],
) -> Composed:
    sender = desk.sender(show.name, show.slug) if show else desk.sender()
    receiver = composing_calls.receiver(attendee)
    message_id = f"{message.id.hex}@{desk.links.domain}"
    letter = Letter(sender, receiver, parts.subject, parts.text, parts.html, message_id, now, unsubscribe=foot.unsubscribe)
    return Composed(receiver.address, sender.address, parts.subject, to_bytes(letter), told)


def _sign_in(session: Session, message: Message, desk: Desk, now: datetime) -> Composed:
    member = session.get(Member, message.member_id) if message.member_id else None
    token = message.facts.get("token")
    if member is None or member.removed_at is not None or not token:
        raise Dropped("there is nobody to sign in")
    link = team.link_by_hash(session, digest(token))
    if link is None or link.used_at is not None or link.ends_at <= now:
        raise Dropped("its link no longer works")
    facts: dict[str, Fact] = {"name": member.name, "account": member.account.name, "sign_in": Link(desk.links.sign_in(token))}
    foot = Foot("You get this mail because somebody asked to sign in with your address.")
    parts = desk.parts(desk.standard_words("sign_in"), facts, foot)
    sender, receiver = desk.sender(), Person(member.name, member.email)
    letter = Letter(sender, receiver, parts.subject, parts.text, parts.html, f"{message.id.hex}@{desk.links.domain}", now)
    return Composed(member.email, sender.address, parts.subject, to_bytes(letter), is_secret=True)


def _foot(desk: Desk, attendee: Attendee, show: Show, mail: str) -> Foot:
    why = f"You get this mail because you registered for {show.name}."
    if mails.MAILS[mail].stilled_by == "never":
        return Foot(why)
    kind = "reminders" if mails.MAILS[mail].stilled_by == "reminders" else "all"
    return Foot(why, f"{desk.links.unsubscribe(attendee.id, attendee.generation)}?kind={kind}")


def sample(
    session: Session, desk: Desk, show: Show, mail: str, words: tuple[str, str], registration: Registration, now: datetime
) -> Parts:
    """How a mail would read to a real registered person with these words; nothing is sent."""
    known = gathering.about(session, registration)
    way_in, was = known.way_in(registration.call), registration.call.planned_for
    clocks, news = known.clocks(registration), ["Speaking now: somebody else."]
    beside = {"said_no": "mail", "starts_at": was.isoformat()}
    own = composing_calls.Own(news, was, clocks, beside, is_invitation=True)
    facts = composing_calls.facts(registration, way_in, desk.links, now, own)
    if mail in MANY:
        facts = {**facts, **composing_passes.sample_facts(session, registration, known, desk.links, now)}
    subject, body = words[0], mails.MAILS[mail].whole(words[1])
    return desk.parts((subject, _with_clocks(mail, body)), facts, _foot(desk, registration.attendee, show, mail))
