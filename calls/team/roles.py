"""What owner, producer and host may do: one table.

An owner runs the business, a producer runs the shows, a host leads the calls: a host may move a call that cannot be
held, and sees who comes, but neither plans shows nor writes to people.
"""

from typing import Literal, Protocol, get_args
from uuid import UUID

from calls.ground.refusals import NotAllowed, NotFound

Deed = Literal[
    "see",
    "plan shows",
    "move calls",
    "write mails",
    "see registrations",
    "change registrations",
    "invite guests",
    "keep the account",
]

OWNER, PRODUCER, HOST = "owner", "producer", "host"

MAY: dict[str, frozenset[Deed]] = {
    OWNER: frozenset(get_args(Deed)),
    PRODUCER: frozenset(get_args(Deed)) - {"keep the account"},
    HOST: frozenset({"see", "move calls", "see registrations"}),
}


class Doer(Protocol):
    """Who wants to do it; the history's Actor is one."""

    @property
    def kind(self) -> str: ...
    @property
    def role(self) -> str | None: ...
    @property
    def account_id(self) -> UUID | None: ...


def require(by: Doer, deed: Deed, account_id: UUID) -> None:
    """Let pass who may do this in that account; the system may, for it does only what was asked of it before.

    Raises NotFound for anybody of another account, who must not learn that there is such a thing, and NotAllowed for
    one of this account whose role does not reach so far.
    """
    if by.kind == "system":
        return
    if by.account_id != account_id:
        raise NotFound
    if by.kind != "member" or not may(by.role, deed):
        raise NotAllowed(f"Your role does not let you {deed}. Ask an owner of the account.")


def may(role: str | None, deed: Deed) -> bool:
    """Whether a role reaches so far; a role that nobody knows reaches nowhere."""
    return deed in MAY.get(role or "", frozenset())
