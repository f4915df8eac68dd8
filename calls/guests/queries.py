"""Finders for guests, their invitations and their bookings."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from calls.guests import terms
from calls.guests.models import (
    STANDING,
    Booking,
    Guest,
    Invitation,
    InvitationDate,
    Picture,
    Prep,
    Terms,
)
from calls.guests.person import Known
from calls.guests.terms import Conditions
from calls.shows.models import Call, Show

# Who said no is not asked by itself again for so long, and who let an invitation lapse not for so long.
REST_AFTER_NO = timedelta(days=180)
REST_AFTER_SILENCE = timedelta(days=30)
_WITH_ALL = (
    joinedload(Booking.guest),
    joinedload(Booking.show),
    joinedload(Booking.invitation),
    joinedload(Booking.call),
)


def guest_of_account(session: Session, account_id: UUID, guest_id: UUID) -> Guest | None:
    """The guest of this id; for a double that was merged, the one whom it was merged into."""
    found = session.scalar(sa.select(Guest).where(Guest.id == guest_id, Guest.account_id == account_id))
    return session.get(Guest, found.merged_into_id) if found and found.merged_into_id else found


def guest_by_email(session: Session, account_id: UUID, email: str) -> Guest | None:
    """The guest with this address, which is in small letters."""
    return session.scalar(sa.select(Guest).where(*of(account_id), Guest.email == email))


def known_of(session: Session, account_id: UUID) -> list[Known]:
    """Everybody on the bench, by name, as far as it takes to tell one from another."""
    rows = sa.select(Guest.id, Guest.name, Guest.email, Guest.phone).where(*of(account_id))
    return [Known(*it) for it in session.execute(rows.order_by(sa.func.lower(Guest.name), Guest.id))]


def waiting_of(session: Session, account_id: UUID) -> list[Guest]:
    """Who waits for a turn, in that order; read anew, since another may have moved them meanwhile."""
    rows = sa.select(Guest).where(*of(account_id), Guest.place.is_not(None)).order_by(Guest.place, Guest.id)
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def count_waiting(session: Session, account_id: UUID) -> int:
    return session.scalar(sa.select(sa.func.count()).where(*of(account_id), Guest.place.is_not(None))) or 0


def doubles_of(session: Session, guest: Guest) -> Sequence[UUID]:
    """The rows that were merged into this guest."""
    return session.scalars(sa.select(Guest.id).where(Guest.merged_into_id == guest.id)).all()


def invitations_of_guest(session: Session, guest_id: UUID) -> Sequence[Invitation]:
    """Every invitation of a guest with its show, the latest first."""
    hers = sa.select(Invitation).options(joinedload(Invitation.show)).where(Invitation.guest_id == guest_id)
    return session.scalars(hers.order_by(Invitation.created_at.desc(), Invitation.id.desc())).all()


def bookings_of_guest(session: Session, guest_id: UUID) -> Sequence[Booking]:
    """Every booking of a guest with its call and show, the latest first."""
    hers = sa.select(Booking).options(joinedload(Booking.show), joinedload(Booking.call).joinedload(Call.show))
    return session.scalars(
        hers.where(Booking.guest_id == guest_id).order_by(Booking.created_at.desc(), Booking.id.desc())
    ).all()


def next_on_bench(session: Session, show: Show, call_id: UUID | None, now: datetime) -> Guest | None:
    """Who is asked next by itself, for this date where it is known: the first in turn whom mail reaches.

    Passed over is who has an invitation or a booking for this show already, was ever offered this very date, said no lately,
    or lately let an invitation lapse.
    """
    can_be_asked = (
        Guest.place.is_not(None),
        Guest.email.is_not(None),
        Guest.bounced_at.is_(None),
        Guest.silenced_at.is_(None),
    )
    passed_over = [
        has_invitation(Invitation.show_id == show.id, Invitation.state.in_(("sent", "taken"))),
        has_booking(Booking.show_id == show.id, Booking.state.in_(STANDING)),
        has_invitation(Invitation.state == "declined", Invitation.decided_at > now - REST_AFTER_NO),
        has_booking(Booking.state == "declined", Booking.ended_at > now - REST_AFTER_NO),
        has_invitation(Invitation.state == "lapsed", Invitation.decided_at > now - REST_AFTER_SILENCE),
    ]
    if call_id:
        offered = sa.select(InvitationDate.invitation_id).where(InvitationDate.call_id == call_id)
        passed_over += [has_invitation(Invitation.id.in_(offered)), has_booking(Booking.call_id == call_id)]
    first = sa.select(Guest).where(*of(show.account_id), *can_be_asked, *(~it for it in passed_over))
    return session.scalars(first.order_by(Guest.place, Guest.id).limit(1)).first()


def of(account_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    """Everybody on the bench of an account; whoever was merged into another is not."""
    return Guest.account_id == account_id, Guest.merged_into_id.is_(None)


def has_invitation(*wanted: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether a guest has such an invitation."""
    return sa.exists().where(Invitation.guest_id == Guest.id, *wanted)


def has_booking(*wanted: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether a guest has such a booking."""
    return sa.exists().where(Booking.guest_id == Guest.id, *wanted)


def all_of(session: Session, account_id: UUID) -> Sequence[Guest]:
    """Everybody on the bench, by name."""
    return session.scalars(sa.select(Guest).where(*of(account_id)).order_by(sa.func.lower(Guest.name), Guest.id)).all()


def invitation_by_id(session: Session, id: UUID) -> Invitation | None:
    """An invitation with its show and its guest."""
    wanted = sa.select(Invitation).where(Invitation.id == id)
    return session.scalar(wanted.options(joinedload(Invitation.show), joinedload(Invitation.guest)))


def invitation_of_account(session: Session, account_id: UUID, id: UUID) -> Invitation | None:
    invitation = invitation_by_id(session, id)
    return invitation if invitation and invitation.show.account_id == account_id else None


def open_invitation_of(session: Session, show_id: UUID, guest_id: UUID, purpose: str) -> UUID | None:
    """The invitation of a guest to a show that waits for an answer, or whose date waits to be agreed on."""
    held = sa.exists().where(Booking.invitation_id == Invitation.id, Booking.state == "chosen")
    is_open = sa.or_(Invitation.state == "sent", sa.and_(Invitation.state == "taken", held))
    hers = (Invitation.show_id == show_id, Invitation.guest_id == guest_id, Invitation.purpose == purpose)
    return session.scalar(sa.select(Invitation.id).where(*hers, is_open).limit(1))


def invitations_of_show(session: Session, show_id: UUID, limit: int, offset: int = 0) -> Sequence[Invitation]:
    """The invitations of a show with their guests: open ones first, and the latest first."""
    order = (Invitation.state.in_(("sent", "taken")).desc(), Invitation.id.desc())
    wanted = sa.select(Invitation).join(Invitation.guest).options(contains_eager(Invitation.guest))
    return session.scalars(wanted.where(Invitation.show_id == show_id).order_by(*order).limit(limit).offset(offset)).all()


def booking_by_id(session: Session, id: UUID) -> Booking | None:
    """A booking with its guest, show, invitation and call."""
    return _booking(session, Booking.id == id)


def booking_of_account(session: Session, account_id: UUID, id: UUID) -> Booking | None:
    booking = booking_by_id(session, id)
    return booking if booking and booking.show.account_id == account_id else None


def standing_booking_of(session: Session, invitation_id: UUID) -> Booking | None:
    """The booking that an invitation has led to and that stands: a hold, or one confirmed."""
    return _booking(session, Booking.invitation_id == invitation_id, Booking.state.in_(STANDING))


def last_booking_of(session: Session, invitation_id: UUID) -> Booking | None:
    """The standing booking of an invitation, else the one that ended last; None where nothing was ever chosen."""
    return _booking(session, Booking.invitation_id == invitation_id)


def _booking(session: Session, *which: sa.ColumnElement[bool]) -> Booking | None:
    order = (Booking.state.in_(STANDING).desc(), Booking.id.desc())
    return session.scalars(sa.select(Booking).where(*which).order_by(*order).options(*_WITH_ALL).limit(1)).first()


def standing_bookings(session: Session, invitation_ids: Sequence[UUID]) -> dict[UUID, Booking]:
    """The standing booking of each of these invitations that has one."""
    wanted = sa.select(Booking).where(Booking.invitation_id.in_(invitation_ids), Booking.state.in_(STANDING))
    return {it.invitation_id: it for it in session.scalars(wanted.options(*_WITH_ALL))}


def bookings_of_call(session: Session, call_id: UUID) -> Sequence[Booking]:
    """The standing bookings of a call, by place."""
    return bookings_of_calls(session, [call_id]).get(call_id, [])


def booking_ids_of_call(session: Session, call_id: UUID) -> Sequence[UUID]:
    """Every booking of a call, those that ended too."""
    return session.scalars(sa.select(Booking.id).where(Booking.call_id == call_id)).all()


def bookings_of_calls(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, list[Booking]]:
    """The standing bookings of calls, each call's by place; asked once for all."""
    wanted = sa.select(Booking).where(Booking.call_id.in_(call_ids), Booking.state.in_(STANDING)).order_by(Booking.place)
    found: dict[UUID, list[Booking]] = {}
    for booking in session.scalars(wanted.options(*_WITH_ALL)):
        if booking.call_id:
            found.setdefault(booking.call_id, []).append(booking)
    return found


def conditions_of(session: Session, show_id: UUID) -> Conditions:
    """The terms of a show as they hold, the default's where it has none of its own."""
    own = session.get(Terms, show_id)
    if own is None:
        return terms.DEFAULTS
    return terms.filled(Conditions(**{it: getattr(own, it) for it in Conditions.__dataclass_fields__}))


def prep_of(session: Session, booking_id: UUID) -> Prep | None:
    return session.get(Prep, booking_id)


def preps_of(session: Session, booking_ids: Sequence[UUID]) -> dict[UUID, Prep]:
    """What was sent in, by booking; asked once for all."""
    return {it.booking_id: it for it in session.scalars(sa.select(Prep).where(Prep.booking_id.in_(booking_ids)))}


def pictures_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, Picture]:
    """Pictures by their id; the bytes of a shape are fetched when they are wanted."""
    return {it.id: it for it in session.scalars(sa.select(Picture).where(Picture.id.in_(ids)))}
