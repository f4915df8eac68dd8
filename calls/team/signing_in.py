"""Sign in by a link that comes by mail, stay signed in, sign out.

Of links and cookies only the digest is kept. A link is good once and for 15 minutes; opening it changes nothing, since
mail scanners open links too: the button behind it does. Each sign-in is a new row with a new secret, so that a cookie
somebody else put into the browser is worth nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.refusals import NotFound, Refused
from calls.ground.tokens import digest, secret
from calls.history.keeping import SYSTEM, Subject, keep
from calls.team import browsers, limits, queries
from calls.team.models import Member, SignIn, SignInLink
from calls.team.staffing import actor

UNKNOWN_LINK = "This sign-in link does not work. Ask for a new one."
OLD_LINK = "This sign-in link is older than 15 minutes. Ask for a new one."
USED_LINK = "This sign-in link was used already. Ask for a new one."
KEPT_AFTER_ITS_END = timedelta(days=1)


def ask(session: Session, email: str, *, now: datetime) -> list[tuple[Member, str]]:
    """A link for each member with this address, to be sent by mail and shown to nobody; none for an unknown address."""
    members = queries.members_by_email(session, email)
    for member in members:
        keep(session, "sign_in.asked", _about(member), by=SYSTEM, now=now)
    return [(member, link_for(session, member, now=now)) for member in members]


def link_for(session: Session, member: Member, *, now: datetime) -> str:
    """The secret of a new sign-in link, which is nowhere else."""
    token = secret()
    session.add(SignInLink(member=member, token_hash=digest(token), ends_at=now + limits.LINK_LASTS, created_at=now))
    session.flush()
    return token


def link(session: Session, token: str, *, now: datetime) -> SignInLink:
    """The link that may still be followed. Raises NotFound for an unknown one, Refused for one used or too old."""
    found = queries.link_by_hash(session, digest(token))
    if found is None:
        raise NotFound(UNKNOWN_LINK)
    if found.used_at is not None:
        raise Refused(USED_LINK)
    if now >= found.ends_at:
        raise Refused(OLD_LINK)
    return found


def follow(
    session: Session,
    token: str,
    browser: str,
    *,
    now: datetime,
    use: Callable[[Session, SignInLink, datetime], bool] | None = None,
) -> tuple[Member, str]:
    """Use the link up and sign in with `browser` (its User-Agent header): the member, and the cookie's secret.

    Refused as in `link`; of two at once, one is. `use` is for the test that shows what happens without that.
    """
    found = link(session, token, now=now)
    if not (use or _use)(session, found, now):
        raise Refused(USED_LINK)
    cookie, words = secret(), browsers.in_words(browser)
    session.add(SignIn(member=found.member, token_hash=digest(cookie), browser=words, seen_at=now, created_at=now))
    keep(session, "member.signed_in", _about(found.member), by=actor(found.member), now=now, facts={"browser": words})
    return found.member, cookie


def see(session: Session, sign_in: SignIn, *, now: datetime) -> None:
    """Note that the browser is still in use: `limits.is_seen_anew` says whether it is worth a write."""
    if limits.is_seen_anew(sign_in.seen_at, now):
        session.execute(sa.update(SignIn).where(SignIn.id == sign_in.id, SignIn.seen_at < now).values(seen_at=now))


def sign_out(session: Session, sign_in: SignIn, *, now: datetime) -> None:
    """End this browser's sign-in; a second time changes nothing."""
    if _end(session, sign_in, now):
        member = sign_in.member
        keep(session, "member.signed_out", _about(member), by=actor(member), now=now, facts={"browser": sign_in.browser})


def end(session: Session, member: Member, sign_in_id: UUID, *, now: datetime) -> None:
    """End one of the member's own sign-ins, in this browser or another. Raises NotFound for anybody else's."""
    for sign_in in queries.sign_ins_of(session, member, now):
        if sign_in.id == sign_in_id:
            return _end_elsewhere(session, member, sign_in, now)
    raise NotFound


def end_all_others(session: Session, sign_in: SignIn, *, now: datetime) -> int:
    """End every sign-in of the member but this one; how many there were."""
    others = [it for it in queries.sign_ins_of(session, sign_in.member, now) if it.id != sign_in.id]
    for other in others:
        _end_elsewhere(session, sign_in.member, other, now)
    return len(others)


def forget(session: Session, *, now: datetime) -> int:
    """Delete links and sign-ins that have been dead for a day, for good; how many. The history keeps what was done."""
    past = now - KEPT_AFTER_ITS_END
    links = sa.delete(SignInLink).where(SignInLink.ends_at < past)
    sign_ins = sa.delete(SignIn).where(
        (SignIn.ended_at < past) | (SignIn.seen_at < past - limits.IDLE_LASTS) | (SignIn.created_at < past - limits.SIGN_IN_LASTS)
    )
    return sum(len(session.execute(it).all()) for it in (links.returning(SignInLink.id), sign_ins.returning(SignIn.id)))


def _use(session: Session, found: SignInLink, now: datetime) -> bool:
    """Mark the link used if nobody has by now: of two at once the database lets one do it."""
    statement = (
        sa.update(SignInLink)
        .where(SignInLink.id == found.id, SignInLink.used_at.is_(None), SignInLink.ends_at > now)
        .values(used_at=now)
        .returning(SignInLink.id)
    )
    return session.execute(statement).first() is not None


def _end(session: Session, sign_in: SignIn, now: datetime) -> bool:
    statement = (
        sa.update(SignIn).where(SignIn.id == sign_in.id, SignIn.ended_at.is_(None)).values(ended_at=now).returning(SignIn.id)
    )
    return session.execute(statement).first() is not None


def _end_elsewhere(session: Session, member: Member, sign_in: SignIn, now: datetime) -> None:
    if _end(session, sign_in, now):
        subject = Subject(sign_in.id, account_id=member.account_id)
        keep(session, "sign_in.ended", subject, by=actor(member), now=now, facts={"browser": sign_in.browser})


def _about(member: Member) -> Subject:
    return Subject(member.id, account_id=member.account_id)
