"""The bare things, in a process of their own: Litestar handlers that do no more than the work itself.

Under the same uvicorn with the same flags as `calls serve`; the database behind the same `Database.transaction()`, reached
through a bounded pool of the same number of threads.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

import sqlalchemy as sa
import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from calls.cli import serving
from calls.ground.clock import SystemClock
from calls.ground.database import Database, UtcTime, new_id
from calls.web import THREADS
from calls.web.asgi import App

TABLES = sa.MetaData()
CALLS = sa.Table(
    "bare_calls",
    TABLES,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("taken", sa.Integer(), nullable=False),
    sa.Column("capacity", sa.Integer(), nullable=False),
)
REGISTRATIONS = sa.Table(
    "bare_registrations",
    TABLES,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("created_at", UtcTime(), nullable=False),
    sa.Column("call_id", sa.Uuid(), sa.ForeignKey("bare_calls.id"), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("email", sa.Text(), nullable=False),
    sa.UniqueConstraint("call_id", "email"),
)
TAKE = (
    sa.update(CALLS)
    .where(CALLS.c.id == sa.bindparam("call", type_=sa.Uuid()), CALLS.c.taken < CALLS.c.capacity)
    .values(taken=CALLS.c.taken + 1)
)
WRITE = sa.insert(REGISTRATIONS)


def same(path: str, status: int, headers: dict[str, str], body: bytes) -> HTTPRouteHandler:
    """A handler that answers with these bytes."""

    @get(path, status_code=status, sync_to_thread=False, include_in_schema=False)
    def answer() -> Response[bytes]:
        return Response(body, headers=headers, media_type=headers["content-type"])

    @get(path, status_code=304, sync_to_thread=False, include_in_schema=False)
    def unchanged() -> Response[None]:
        return Response(None, headers=headers)

    return unchanged if status == 304 else answer


def registering(address: str) -> HTTPRouteHandler:
    """A handler that takes a seat and writes one row, and answers with a redirect."""
    database, clock = Database(address), SystemClock()
    call = new_id()
    TABLES.create_all(database.writer)
    with database.transaction() as session:
        session.execute(sa.insert(CALLS), {"id": call, "taken": 0, "capacity": 10_000_000})

    def register(body: bytes) -> int:
        fields = dict(parse_qsl(body.decode()))
        with database.transaction() as session:
            if not session.execute(TAKE, {"call": call}).rowcount:  # type: ignore[attr-defined]
                return 409
            row = {"id": new_id(), "created_at": clock.now(), "call_id": call, "name": fields["name"], "email": fields["email"]}
            session.execute(WRITE, row)
        return 303

    @post("/register", include_in_schema=False)
    async def answer(request: Request[Any, Any, Any]) -> Response[None]:
        body = await request.body()
        status = await asyncio.get_running_loop().run_in_executor(request.app.state.threads, register, body)
        return Response(None, status_code=status, headers={"location": "/thanks"})

    return answer


@asynccontextmanager
async def _pool(app: Litestar) -> AsyncIterator[None]:
    with ThreadPoolExecutor(THREADS) as threads:
        app.state.threads = threads
        yield


def application(file: str) -> Litestar:
    """The handlers that a file asks for: answers to repeat, and a database to register in."""
    wanted = json.loads(Path(file).read_text())
    handlers = [same(it["path"], it["status"], it["headers"], it["body"].encode("latin-1")) for it in wanted["answers"]]
    if wanted["database"]:
        handlers.append(registering(wanted["database"]))
    return Litestar(handlers, lifespan=[_pool], logging_config=None, openapi_config=None)


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=serving.BACKLOG) as listening:
        print(listening.getsockname()[1], flush=True)
        config = serving.flags(lambda: cast(App, application(sys.argv[1])))
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
