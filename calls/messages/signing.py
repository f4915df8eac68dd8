"""Send sign-in links."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground.database import new_id
from calls.messages import writing
from calls.team import signing_in


def send_link(session: Session, email: str, *, now: datetime) -> None:
    """Mail a link to each member with this address; to an unknown address nothing goes, and nobody can tell."""
    for member, token in signing_in.ask(session, email, now=now):
        writing.to_member(session, "sign_in", new_id(), member.id, member.account_id, now, {"token": token})
