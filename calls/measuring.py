"""Figures for the operator, asked of the database when they are read: queue ages and mails by state."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from calls.ground.clock import Clock
from calls.ground.database import TROUBLE, Database
from calls.history.models import Change
from calls.messages import queries as outbox


class Figures(Collector):
    """How long the oldest work has been waiting, and how many messages are in each state."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Nothing ahead of time: the database need not answer when the house is put together."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The figures; while the database does not answer only that, so that all others can still be read."""
        try:
            found = list(self._collect())
        except TROUBLE:
            found = []
        yield GaugeMetricFamily("calls_database_answers", "Whether the database answers", float(bool(found)))
        yield from found

    def _collect(self) -> Iterator[Metric]:
        now = self._clock.now()
        with self._database.reading() as session:
            counts = outbox.count_by_state(session)
            due = outbox.oldest_due(session)
            waiting = session.scalar(sa.select(sa.func.min(Change.created_at)).where(Change.followed_up_at.is_(None)))
            faulty = session.scalar(sa.select(sa.func.count()).where(Change.followed_up_at.is_(None), Change.fault.is_not(None)))
        messages = GaugeMetricFamily("calls_messages", "Messages in the outbox, by state", labels=["state"])
        for state in ("waiting", "sending", "sent", "failed", "dropped"):
            messages.add_metric([state], counts.get(state, 0))
        yield messages
        yield _age("calls_outbox_age_seconds", "How long the oldest message due has been waiting", due, now)
        yield _age("calls_follow_up_age_seconds", "How long the oldest change has been waiting for its follow-ups", waiting, now)
        yield GaugeMetricFamily("calls_follow_ups_failing", "Changes whose follow-ups failed and are tried again", faulty or 0)


def _age(name: str, help_text: str, since: datetime | None, now: datetime) -> GaugeMetricFamily:
    seconds = max(0.0, (now - since).total_seconds()) if since else 0.0
    return GaugeMetricFamily(name, help_text, seconds)
