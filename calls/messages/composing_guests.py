"""Write one letter to a guest from the newest state, at the moment when it goes; or say why there is none to write any more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars import queries as calendars
from calls.calendars.invitation import Person
from calls.calendars.models import Entry
from calls.guests import prep
from calls.guests import queries as guests
from calls.guests.models import Booking, Guest, Prep
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.messages import deciding_guests, filling_guests, guest_mails, mails, quiet, telling_guests
from calls.messages.composing_calls import Part
from calls.messages.deciding import SETTLING, Dropped, Held, is_asked
from calls.messages.deciding_guests import Found, Told
from calls.messages.desk import Desk, Foot
from calls.messages.filling_guests import Known
from calls.messages.letter import Letter
from calls.messages.models import Message
from calls.messages.parting_guests import calendar_part
from calls.messages.queries import is_sent_since, is_unsettled
from calls.messages.telling_guests import State
from calls.messages.wording import Fact

INVITED = "guest_invited"


@dataclass(frozen=True)
class Ready:
    """A letter to a guest, what she then knows of her booking, and the entry that her calendar then holds."""

    letter: Letter
    told: tuple[UUID, State] | None = None
    invited: UUID | None = None


def compose(session: Session, message: Message, desk: Desk, now: datetime) -> Ready:
    """The letter as it stands now. Raises Dropped when there is none to write any more, Held when it is to wait."""
    guest = session.get(Guest, message.guest_id) if message.guest_id else None
    if guest is None or guest.email is None:
        raise Dropped("there is no address to write to")
    may_be_stilled = not is_asked(message)
    if guest.silenced_at is not None and may_be_stilled:
        raise Dropped("the guest wants no mail")
    if guest.bounced_at is not None and may_be_stilled:
        raise Dropped("mail to this address came back")
    if message.booking_id:
        return _about_booking(session, message, guest, desk, now)
    return _about_invitation(session, message, guest, desk, now)


def _about_invitation(session: Session, message: Message, guest: Guest, desk: Desk, now: datetime) -> Ready:
    invitation = guests.invitation_by_id(session, UUID(message.facts["invitation"]))
    if invitation is None or invitation.state != "sent":
        raise Dropped("she has decided, or is asked no more")
    if message.kind != INVITED and is_sent_since(session, guest.id, INVITED, message.created_at):
        raise Dropped("a later letter has said it")
    until = quiet.due(now, guest.zone or invitation.show.zone, None, is_asked=is_asked(message))
    if until > now:
        raise Held(until)
    known = Known(session, desk.links, invitation, now)
    return Ready(_letter(message, message.kind, filling_guests.asking(known), known, desk, now))


def _about_booking(session: Session, message: Message, guest: Guest, desk: Desk, now: datetime) -> Ready:
    booking = guests.booking_by_id(session, message.booking_id) if message.booking_id else None
    if booking is None:
        raise Dropped("the booking is gone")
    if is_unsettled(session, booking.id):
        raise Held(now + SETTLING)
    way_in = _way_in(session, booking)
    told_last, told_at = telling_guests.last(session, booking.id) or (None, None)
    state, is_ready = telling_guests.state(booking, way_in), prep.is_ready(session.get(Prep, booking.id))
    found = deciding_guests.decide(message, booking, Told(told_last, told_at, state, is_ready), now)
    known = Known(session, desk.links, booking.invitation, now, booking, way_in, message.facts)
    facts = filling_guests.speaking(known, found)
    entry = calendars.entry_of_booking(session, booking.id)
    part = _part(message, found, entry, known, desk)
    is_first = part is not None and part.method == "REQUEST" and entry is not None and entry.invited_at is None
    letter = _letter(message, found.mail, facts, known, desk, now, _Thread(entry, part, is_first=is_first))
    is_told = found.mail not in (guest_mails.REFUSAL, guest_mails.THANKS)
    return Ready(letter, (booking.id, state) if is_told else None, entry.id if is_first and entry else None)


def _way_in(session: Session, booking: Booking) -> WayIn:
    ways = joining.ways_in(session, [booking.show_id])
    return rooms.way_in_of(ways, booking.show_id, booking.call_id)


def _part(message: Message, found: Found, entry: Entry | None, known: Known, desk: Desk) -> Part | None:
    if entry is None or not mails.MAILS[found.mail].has_calendar:
        return None
    sender = desk.sender(known.show.name, known.show.slug)
    return calendar_part(found.mail, known.must_be_booked(), entry, known.way_in, sender, desk.links, message.facts)


@dataclass(frozen=True)
class _Thread:
    """Where a letter stands among those about one entry: the first that invites begins the thread."""

    entry: Entry | None = None
    part: Part | None = None
    is_first: bool = False

    def root(self, domain: str) -> str | None:
        return f"{self.entry.uid}@{domain}" if self.entry and (self.part or self.entry.invited_at) else None


NO_THREAD = _Thread()


def _letter(
    message: Message,
    mail: str,
    facts: dict[str, Fact],
    known: Known,
    desk: Desk,
    now: datetime,
    thread: _Thread = NO_THREAD,
) -> Letter:
    """A letter with a calendar part is answered to the address that invites; any other reaches who asked her."""
    show, guest = known.show, known.guest
    sender, receiver = desk.sender(show.name, show.slug), Person(guest.name, guest.email or "")
    stop = desk.links.guest_silence(guest.id)
    foot = Foot(f"You get this mail because you were invited to {show.name}.", stop)
    parts = desk.parts(desk.standard_words(mail), facts, foot)
    root = thread.root(desk.links.domain)
    return Letter(
        sender,
        receiver,
        parts.subject,
        parts.text,
        parts.html,
        message_id=root if thread.is_first and root else f"{message.id.hex}@{desk.links.domain}",
        date=now,
        reply_to=known.asker.email if known.asker and thread.part is None else None,
        in_reply_to=None if thread.is_first else root,
        unsubscribe=stop,
        calendar=thread.part.body if thread.part else None,
        calendar_method=thread.part.method if thread.part else None,
    )
