"""`calls serve` and `calls work`: the web server with the worker beside it, and the worker alone."""

import ctypes
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import click
import uvicorn
from uvicorn.supervisors import Multiprocess

from calls import app, settings
from calls.cli.opening import alone, bring_up, opened, read_settings, sqlite_file
from calls.cli.speaking import say
from calls.ground import logs
from calls.ground.refusals import Refused
from calls.settings import Settings
from calls.web.asgi import App

GRACE = 20  # seconds that answers under way get to finish when the server is stopped
BACKLOG = 2048
M_ARENA_MAX = -8  # of glibc's malloc.h
PORT, MANY = click.IntRange(0, 65535), click.IntRange(1, 64)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 is all of them.")
@click.option("--port", default=8000, show_default=True, type=PORT, help="The port to listen on; 0 takes a free one.")
@click.option("--no-worker", is_flag=True, help="Pages only; nothing is sent but by `calls work` (PostgreSQL).")
@click.option("--processes", default=1, show_default=True, type=MANY, help="How many processes serve (PostgreSQL).")
def serve(host: str, port: int, no_worker: bool, processes: int) -> None:
    """Serve the pages, with the worker beside them.

    Brings the database up first. Stops on SIGTERM after the answers and mails under way. Put a proxy with TLS before it,
    and name the proxy in CALLS_TRUSTED_PROXIES.
    """
    with _listening(host, port) as listening:
        own_port = listening.getsockname()[1]
        os.environ.setdefault("CALLS_URL", f"http://127.0.0.1:{own_port}")  # further processes read it from here too
        settings = read_settings()
        if sqlite_file(settings) and processes > 1:
            raise Refused("On SQLite one process does everything. For more set CALLS_DATABASE=postgresql://…")
        with alone(settings):
            with opened(settings) as database:
                bring_up(database, settings)
            say(f"Calls is at {settings.url} and listens on {host}, port {own_port}. Stop it with Ctrl-C.")
            _run(settings, listening, has_worker=not no_worker, processes=processes)


@click.command()
def work() -> None:
    """Send the mails and do what the clock brings, without pages.

    Any number of these run beside each other and beside `calls serve`, on as many machines as you like (PostgreSQL).
    """
    settings = read_settings()
    if sqlite_file(settings):
        raise Refused("On SQLite the worker runs inside `calls serve`. For one of its own set CALLS_DATABASE=postgresql://…")
    with opened(settings) as database:
        bring_up(database, settings)
    built = app.build(settings, is_serving=False)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    built.listener.start()
    built.worker.start()
    say("The worker works. Stop it with Ctrl-C.")
    over.wait()
    say("Finishing what is under way …")
    built.worker.stop()
    built.listener.stop()
    built.house.database.close()


def application(has_worker: bool) -> App:
    """The application of one process, from the environment: this is what each of several processes calls."""
    _share_memory()
    found = settings.read(os.environ)
    logs.configure(found.log.form, found.log.level)
    return app.create_app(app.build(found), has_worker=has_worker)


def _share_memory() -> None:
    """Let all threads take their memory from one place, where the C library is glibc and would give each a place of its own.

    Only one of them runs Python at a time, and what a mail or a page once needed stays with its place.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _run(settings: Settings, listening: socket.socket, *, has_worker: bool, processes: int) -> None:
    """Serve until a signal says stop."""
    level = "warning" if settings.log.level == "info" else settings.log.level
    config = flags(partial(application, has_worker), processes, level)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    if processes > 1:
        Multiprocess(config, sockets=[listening]).run()
        return
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    if not server.started:
        raise Refused("The server did not start; what stands above says why.")


def flags(make: Callable[[], App], processes: int = 1, log_level: str = "warning") -> uvicorn.Config:
    """How uvicorn is run. The proxy's headers are for our own shell to judge, the access log for it to write."""
    return uvicorn.Config(
        make,
        factory=True,
        interface="asgi3",
        workers=processes,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level=log_level,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE,
    )


def _end(number: int, frame: object) -> None:
    """uvicorn has stopped in good order and raises the signal again, which would look like a failure."""


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as trouble:
        fault = trouble.strerror if isinstance(trouble, socket.gaierror) else os.strerror(trouble.errno or 0)
        words = f"Nothing can listen on {host}, port {port}: {fault}."
        raise Refused(f"{words} Choose another with --host or --port.") from None
