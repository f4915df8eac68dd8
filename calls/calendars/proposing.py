"""Another time for a call, proposed by somebody who is invited (iTIP's COUNTER, calendars.md M22): keep it, refuse it, or see
it settled by what becomes of the call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import updating
from calls.calendars.answers import Proposed, is_older
from calls.calendars.models import Entry, Proposal
from calls.ground import zones
from calls.ground.database import new_id
from calls.ground.refusals import Refused
from calls.ground.text import clean, excerpt
from calls.history.keeping import Actor, Subject, keep
from calls.shows.holding import hold
from calls.shows.models import Call
from calls.team.roles import require

OPEN, ACCEPTED, REFUSED, OVERTAKEN = "open", "accepted", "refused", "overtaken"
KEPT = "Another time was proposed; it is kept for the host."
LATE = "Another time was proposed for a call that no longer waits for one; it was noted."
TWICE = "A proposal that had come before changed nothing."
LONGEST_WORDS = 200
LONGEST_COMMENT = 2_000


@dataclass(frozen=True)
class Proposer:
    """Who proposes: an attendee or a guest, the call that she has, and whether she is to come to it."""

    by: Actor
    call: Call
    is_coming: bool


def propose(session: Session, entry: Entry, proposer: Proposer, proposed: Proposed, *, now: datetime) -> str:
    """Keep another time for the host to decide on, once; a later one of the same person takes the place of an earlier one."""
    call = proposer.call
    proposal = _proposal(entry, call, proposed, now)
    others = session.scalars(sa.select(Proposal).where(Proposal.entry_id == entry.id)).all()
    if any(_is_same(it, proposal) for it in others):
        return TWICE
    session.add(proposal)
    is_of_old_time = proposed.sequence is not None and proposed.sequence < entry.asked_sequence
    is_before_her = proposer.is_coming and call.cancelled_at is None and call.starts_at > now
    standing = [it for it in others if it.state == OPEN]
    if is_of_old_time or not is_before_her or any(is_older(proposal.stamped_at, it.stamped_at) for it in standing):
        proposal.state, proposal.decided_at = OVERTAKEN, now
        return LATE
    for it in standing:
        it.state, it.decided_at = OVERTAKEN, now
    facts = {"starts_at": proposal.starts_at.isoformat() if proposal.starts_at else "", "words": proposal.words}
    about = _subject(proposal, call)
    keep(session, "call.time_proposed", about, by=proposer.by, now=now, facts=facts | {"zone": call.zone})
    return KEPT


def refuse(session: Session, proposal: Proposal, call: Call, *, by: Actor, now: datetime) -> None:
    """Keep the call's time; whoever proposed the other one is told. Refused once it is decided on."""
    require(by, "move calls", call.show.account_id)
    hold(session, proposal)
    if proposal.state != OPEN:
        raise Refused("This proposal has been decided on already.")
    proposal.state, proposal.decided_at = REFUSED, now
    keep(session, "call.proposal_refused", _subject(proposal, call), by=by, now=now)


def settle(session: Session, call: Call, now: datetime) -> None:
    """See proposals settled by where the call is now: at the time that one of them wished for, or elsewhere, or cancelled.

    What was proposed against the time that the call has is still to be decided on.
    """
    waiting = sa.and_(Proposal.call_id == call.id, Proposal.state == OPEN)
    if call.cancelled_at is None:
        waiting = sa.and_(waiting, Proposal.from_starts_at != call.starts_at)
    for it in session.scalars(sa.select(Proposal).where(waiting)):
        is_wish = call.cancelled_at is None and it.starts_at == call.starts_at
        it.state, it.decided_at = ACCEPTED if is_wish else OVERTAKEN, now


def facts_of(proposal: Proposal) -> dict[str, Any]:
    """What the letter about a refusal needs to know, as plain values."""
    return {
        "sequence": proposal.sequence,
        "from_starts_at": proposal.from_starts_at.isoformat(),
        "starts_at": proposal.starts_at.isoformat() if proposal.starts_at else "",
        "words": proposal.words,
        "decided_at": (proposal.decided_at or proposal.created_at).isoformat(),
    }


def _proposal(entry: Entry, call: Call, proposed: Proposed, now: datetime) -> Proposal:
    starts_at, ends_at = _known(proposed.starts_at), _known(proposed.ends_at)
    standing = updating.sequence(entry, call)
    return Proposal(
        id=new_id(),
        created_at=now,
        entry_id=entry.id,
        call_id=call.id,
        sequence=standing if proposed.sequence is None else min(max(proposed.sequence, 0), standing),
        stamped_at=proposed.stamped_at,
        from_starts_at=call.starts_at,
        starts_at=starts_at,
        ends_at=ends_at if starts_at and ends_at and ends_at > starts_at else None,
        words=excerpt(proposed.words, LONGEST_WORDS),
        comment=clean(proposed.comment).strip()[:LONGEST_COMMENT],
        state=OPEN,
    )


def _known(moment: datetime | None) -> datetime | None:
    """The moment, unless it lies where no clock rules are known and no zone could show it."""
    return moment if moment and zones.FIRST_YEAR < moment.year < zones.LAST_YEAR else None


def _is_same(one: Proposal, other: Proposal) -> bool:
    """Whether it is the same proposal come again: while the first waits, or the very same mail."""
    is_same_time = (one.starts_at, one.ends_at, one.words) == (other.starts_at, other.ends_at, other.words)
    return is_same_time and (one.state == OPEN or one.stamped_at == other.stamped_at)


def _subject(proposal: Proposal, call: Call) -> Subject:
    return Subject(proposal.id, call.show.account_id, call.show_id, call.id)
