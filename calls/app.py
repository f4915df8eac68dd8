"""Put the house together from its settings: the database, the pages, the worker."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry

from calls.gateways.fetching import PublicWeb, Web
from calls.gateways.mail import MailGateway, from_url
from calls.gateways.mailbox import ImapMailbox, address_of
from calls.ground.clock import Clock, SystemClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.listening import Listener
from calls.ground.tokens import Keys
from calls.measuring import Figures
from calls.migrations import running
from calls.sender import Tools
from calls.settings import Settings, WrongSettings
from calls.web import application, asgi, guest, host, public
from calls.web.house import House
from calls.web.kept import Kept
from calls.web.limits import Limits
from calls.web.operating import operating
from calls.web.pages import templates
from calls.web.public import last_good
from calls.web.shelf import Shelf
from calls.web.static import Static
from calls.worker import Worker

POOL_MEMORY = 24_000_000


@dataclass(frozen=True)
class Built:
    """One installation ready to run: what its pages see, how its mails go, and its background worker."""

    house: House
    mail: MailGateway
    worker: Worker
    listener: Listener
    settings: Settings


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    mail: MailGateway | None = None,
    web: Web | None = None,
    is_serving: bool = True,
) -> Built:
    """Everything but the web server. Opens the database without touching it; `is_serving` is true for the one that serves."""
    clock = clock or SystemClock()
    keys = Keys(settings.secret)
    links, static = Links(settings.url, keys), Static()
    database = Database(settings.database, is_serving=is_serving)
    pages = templates(links, static)
    shelf = Shelf(settings.data / "feeds", keys.token("shelf", UUID(int=0)))
    kept, has_mailbox = Kept(POOL_MEMORY), bool(settings.imap)
    house = House(
        database, clock, keys, links, pages, kept, Limits(), static, settings.mail_from, shelf=shelf, has_mailbox=has_mailbox
    )
    database.on_commit(partial(last_good.hear, house))  # a worker alone withdraws feeds too
    own_name = urlsplit(settings.url).hostname
    with _naming("CALLS_SMTP"):
        gateway = mail or from_url(settings.smtp, settings.data, clock=clock, own_name=own_name)
    with _naming("CALLS_IMAP"):
        mailbox = ImapMailbox(address_of(settings.imap)) if settings.imap else None
    later = database.for_later(house.courtesy.step_aside)
    worker = Worker(Tools(later, clock, gateway, house.desk, mailbox, settings.imap_authserv, web or PublicWeb()))
    return Built(house, gateway, worker, Listener(database), settings)


@contextmanager
def _naming(setting: str) -> Iterator[None]:
    """What a gateway finds wrong with its address is a wrong setting, which stops the start with its name."""
    try:
        yield
    except ValueError as fault:
        raise WrongSettings([f"{setting}: {fault}"]) from None


def create_app(built: Built, *, has_worker: bool = True, more: Sequence[HTTPRouteHandler] = ()) -> asgi.App:
    """The ASGI application: all pages, the operator's addresses, and with `has_worker` the worker beside them."""
    registry = CollectorRegistry()
    registry.register(Figures(built.house.database, built.house.clock))
    handlers = [
        *operating(registry, built.settings.metrics_token, _lacks(built.house.database)),
        *more,
        *host.PAGES,
        *guest.PAGES,
        *public.PAGES,
    ]
    return application(
        built.house,
        handlers,
        registry=registry,
        trusted_proxies=built.settings.trusted_proxies,
        lifespan=[_running(built, has_worker)],
    )


def _lacks(database: Database) -> Callable[[], str]:
    def lacks() -> str:
        return "" if running.standing(database) == "current" else "The database is not migrated."

    return lacks


def _running(built: Built, has_worker: bool) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(_: Litestar) -> AsyncIterator[None]:
        built.listener.start()
        if has_worker:
            built.worker.start()
        try:
            yield
        finally:
            if has_worker:
                built.worker.stop()
            built.listener.stop()

    return run
