"""HTML for people: how a plain function becomes a page, and how all pages become one application.

Page functions are plain and synchronous and run in bounded pools of threads. Litestar's own `sync_to_thread` answers
500 where two such handlers share a path, so the way into a pool is ours. On SQLite, where one writes at a time, forms are
answered by one thread, and by few on a server: many spend more time on waking each other than on writing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any, cast

from litestar import HttpMethod, Litestar, Request, route
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send
from prometheus_client import CollectorRegistry

from calls.ground.database import TROUBLE
from calls.ground.refusals import Refusal
from calls.web import asgi, refusals
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.hosts import Network
from calls.web.house import House
from calls.web.noting import Timing
from calls.web.remaking import Remaking
from calls.web.shell import Shell, sent
from calls.web.uploads import TAKES_FILE, Uploads

THREADS = 8
WRITERS = 3

PageFunction = Callable[[Ask], Answer]
Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def get(path: str) -> Callable[[PageFunction], HTTPRouteHandler]:
    """Make a page of a function that takes an Ask and gives an Answer. Answers HEAD too: link checkers ask so."""
    return _handled(path, [HttpMethod.GET, HttpMethod.HEAD])


def post(path: str, *, takes_file: int = 0) -> Callable[[PageFunction], HTTPRouteHandler]:
    """Make a form's other end of such a function. `takes_file`: it asks for files, each of at most so many bytes."""
    return _handled(path, [HttpMethod.POST], takes_file)


def application(
    house: House,
    handlers: Sequence[HTTPRouteHandler],
    *,
    registry: CollectorRegistry,
    trusted_proxies: Sequence[Network] = (),
    lifespan: Sequence[Lifespan] = (),
) -> asgi.App:
    """All pages as one ASGI application, with the shell around it."""
    house.database.on_commit(house.kept.drop)
    app = Litestar(
        route_handlers=[*handlers],
        exception_handlers={HTTPException: refusals.from_litestar, Exception: refusals.from_failure},
        lifespan=[_pool, *lifespan],
        logging_config=None,
        openapi_config=None,
    )
    app.state.house = house
    app.state.remaking = Remaking()
    return Shell(cast(asgi.App, app), house, Timing(registry), uploads=Uploads(handlers), trusted=trusted_proxies)


@asynccontextmanager
async def _pool(app: Litestar) -> AsyncIterator[None]:
    writers = 1 if app.state.house.database.is_sqlite else WRITERS
    with ThreadPoolExecutor(THREADS, "page") as pages, ThreadPoolExecutor(writers, "form") as forms:
        app.state.pages, app.state.forms = pages, forms
        yield


def _handled(path: str, methods: list[HttpMethod], takes_file: int = 0) -> Callable[[PageFunction], HTTPRouteHandler]:
    def decorate(function: PageFunction) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
            ask = Ask(request.app.state.house, cast(asgi.Scope, request.scope))
            with ask.house.courtesy:
                return _Reply(await _answered(request.app.state, function, ask), ask)

        handle.__name__ = function.__name__
        handle.__qualname__ = function.__qualname__
        handle.__doc__ = function.__doc__
        handle.__module__ = function.__module__
        opt = {TAKES_FILE: takes_file}
        return route(path.replace("}", ":str}"), http_method=methods, include_in_schema=False, opt=opt)(handle)

    return decorate


async def _answered(state: State, function: PageFunction, ask: Ask) -> Answer:
    """The function's answer out of the pool. What was kept and is out of date is made anew by one at a time."""
    if ask.method == "POST" or ask.has_query or ask.house.kept.stale(ask.path) is None:
        return await _in_pool(state, function, ask)
    async with state.remaking.at(ask.path):
        prepared = ask.house.kept.find(ask.path, ask.house.clock.now())
        return replace(prepared.answer, prepared=prepared) if prepared else await _in_pool(state, function, ask)


async def _in_pool(state: State, function: PageFunction, ask: Ask) -> Answer:
    threads = state.forms if ask.method == "POST" else state.pages
    return await asyncio.get_running_loop().run_in_executor(threads, _answer, function, ask)


def _answer(function: PageFunction, ask: Ask) -> Answer:
    """What the function says, or what becomes of its refusal. A failed commit is raised inside, so it is answered here."""
    try:
        return function(ask)
    except Refusal as refusal:
        return refusals.refused(ask, refusal)
    except TROUBLE as trouble:
        return refusals.busy(ask, trouble)


class _Reply:
    """An answer on its way: what was kept is weighed against the copy that the asker already has."""

    def __init__(self, answer: Answer, ask: Ask) -> None:
        self._answer = answer
        self._ask = ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, headers, body = self._made()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _made(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        ask, prepared = self._ask, self._answer.prepared
        if prepared is None:
            return sent(self._answer, ask.method)
        wanted = [ask.header(name).encode("latin-1") for name in ("accept-encoding", "if-none-match", "if-modified-since")]
        return prepared.reply(ask.method, *wanted)
