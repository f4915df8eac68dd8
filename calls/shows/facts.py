"""A call as plain facts: what registering asks of it, read without the cost of rows that may be changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call at one moment, with the account and the address of its show. `taken` may be out of date when it is read."""

    id: UUID
    show_id: UUID
    account_id: UUID
    slug: str
    address: str
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    published_at: datetime | None
    capacity: int
    taken: int

    @property
    def has_seats(self) -> bool:
        return self.taken < self.capacity
