"""Finders for guests, their invitations and their bookings."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from calls.guests.models import STANDING, Booking, Guest, Invitation, InvitationDate
from calls.guests.person import Known
from calls.shows.models import Call, Show

# Who said no is not asked by itself again for so long, and who let an invitation lapse not for so long.
REST_AFTER_NO = timedelta(days=180)
REST_AFTER_SILENCE = timedelta(days=30)


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
