"""The calendar part of a letter to a guest: asked, changed, taken back, or another time refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from calls.calendars import invitation, publishing_guests
from calls.calendars.happening import Happening
from calls.calendars.invitation import Person
from calls.calendars.models import Entry
from calls.ground import when
from calls.ground.links import Links
from calls.guests import dates
from calls.guests.models import Booking
from calls.joining.rooms import WayIn
from calls.messages.composing_calls import Part
from calls.messages.guest_mails import REFUSAL


def calendar_part(
    mail: str, booking: Booking, entry: Entry, way_in: WayIn, sender: Person, links: Links, facts: Mapping[str, Any]
) -> Part | None:
    """What the guest's calendar is told; nothing where she was never invited to what is taken back.

    Who writes from the address that invites gets none (calendars.md M5). A guest who is released while the call goes on gets a
    CANCEL without STATUS (M12).
    """
    receiver = Person(booking.guest.name, booking.guest.email or "")
    if receiver.address.casefold() == sender.address.casefold():
        return None
    happening = publishing_guests.guest_happening(entry, booking, way_in, links)
    if mail == REFUSAL:
        return Part("DECLINECOUNTER", _declined(happening, sender, receiver, booking, facts))
    if not booking.is_standing or happening.is_cancelled:
        if entry.invited_at is None:
            return None
        reason = booking.call.reason if booking.call and dates.is_called_off(booking) else booking.reason
        ended = replace(happening, description=reason if booking.state == "cancelled" or dates.is_called_off(booking) else "")
        is_released = not dates.is_called_off(booking)
        return Part("CANCEL", invitation.cancel(ended, sender, receiver, withdrawn=is_released, is_guest=True))
    return Part("REQUEST", invitation.request(happening, sender, receiver, is_guest=True))


def _declined(happening: Happening, sender: Person, receiver: Person, booking: Booking, facts: Mapping[str, Any]) -> bytes:
    """The refusal answers the revision that was countered, and says when it was made."""
    decided_at = datetime.fromisoformat(facts["decided_at"])
    answering = replace(happening, sequence=facts["sequence"], revised_at=max(decided_at, happening.revised_at))
    comment = f"The call stays at its time: {when.full(dates.starts_at(booking), dates.zone(booking))}."
    return invitation.decline_counter(answering, sender, receiver, comment, is_guest=True)
