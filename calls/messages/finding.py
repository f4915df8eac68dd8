"""Send people the links to their calls."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground.addresses import mail_address
from calls.messages import writing
from calls.registrations import queries


def send_links(session: Session, email: str, *, now: datetime) -> None:
    """Mail the links to whoever has this address, at each account; to an unknown address nothing goes, and nobody can tell.

    Asking again within the same minute sends nothing more.
    """
    cause = now.replace(second=0, microsecond=0).isoformat()
    for attendee in queries.attendees_by_email(session, mail_address(email)):
        writing.to_attendee(session, "your_links", cause, attendee, now)
