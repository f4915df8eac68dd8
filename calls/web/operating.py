"""What an operator's machines ask: is it alive, is it ready, what are the figures."""

import hmac
from collections.abc import Callable

from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import text as sql

from calls.ground.database import TROUBLE
from calls.ground.refusals import NotFound
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.hosts import is_loopback
from calls.web.pages import text


@get("/health/live")
def live(ask: Ask) -> Answer:
    """The process answers, whatever the database does."""
    return text("alive\n")


def operating(registry: CollectorRegistry, token: str, lacks: Callable[[], str] = lambda: "") -> tuple[HTTPRouteHandler, ...]:
    """The pages for operators. `lacks` says in a sentence what is missing before people can be served, "" for nothing."""

    @get("/health/ready")
    def ready(ask: Ask) -> Answer:
        """The database answers and is up to date."""
        try:
            with ask.house.database.reading() as session:
                session.execute(sql("SELECT 1"))
            missing = lacks()
        except TROUBLE:
            missing = "The database does not answer."
        return text("ready\n") if not missing else text(f"{missing}\n").with_status(503)

    @get("/metrics")
    def metrics(ask: Ask) -> Answer:
        """All figures for Prometheus, to whoever bears the token; without a token, to this machine only."""
        if not _may_read(ask, token):
            raise NotFound
        return text(generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4)

    return live, ready, metrics


def _may_read(ask: Ask, token: str) -> bool:
    if not token:
        peer = ask.scope.get("client") or ("",)
        return is_loopback(peer[0], ask.scope["headers"])
    shown = ask.header("authorization").encode("latin-1")
    return hmac.compare_digest(shown, f"Bearer {token}".encode())
