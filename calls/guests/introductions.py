"""How a guest is introduced to an audience: what she sent in for the call, else what is known of her."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Introduction:
    """One confirmed guest of one call. `picture` is the id and digest of her photo; `bio` is Markdown as she typed it."""

    call_id: UUID
    booking_id: UUID
    guest_id: UUID
    name: str
    topic: str = ""
    bio: str = ""
    links: tuple[str, ...] = ()
    picture: tuple[UUID, str] | None = None


@dataclass(frozen=True)
class Heard:
    """A guest of a call that is over: her last one with this show."""

    guest_id: UUID
    name: str
    title: str
    address: str
    starts_at: datetime
    zone: str
    picture: tuple[UUID, str] | None = None
