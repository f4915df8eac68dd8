"""Start the demo: a folder, the cast, all pages and the outbox, and say where to look."""

import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import uvicorn

from calls import app, settings
from calls.app import Built
from calls.demo import cast, outbox
from calls.demo.sample_web import CALENDAR, SampleWeb
from calls.gateways.mail import FolderMail
from calls.ground.clock import SystemClock
from calls.ground.refusals import Refused
from calls.migrations import running
from calls.team import queries, signing_in

HOST = "127.0.0.1"


def run(data: Path | None, port: int, say: Callable[[str], None]) -> None:
    """Serve the demo until it is stopped. Without a folder everything is gone afterwards."""
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="calls-demo-")))
        chosen = free_port(port)
        built = prepare(folder, chosen)
        for line in lines(built):
            say(line)
        application = app.create_app(built, more=outbox.pages(folder_mail(built)))
        uvicorn.run(
            application,
            host=HOST,
            port=chosen,
            proxy_headers=False,
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_graceful_shutdown=5,
        )


def free_port(wished: int) -> int:
    """The wished port, or one near it when somebody has that; refused after twenty."""
    for port in range(wished, wished + 20):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except OSError:
                continue
            return port
    raise Refused(f"The ports from {wished} to {wished + 19} are all taken; name another with --port.")


def prepare(folder: Path, port: int) -> Built:
    """The installation in that folder, with the cast on its stage; what is there already is left as it is."""
    environment = {
        "CALLS_URL": f"http://{HOST}:{port}",
        "CALLS_DATA": str(folder),
        "CALLS_SMTP": "outbox:",
        "CALLS_LOG": "text:warning",
    }
    built = app.build(settings.read(environment), web=SampleWeb(SystemClock()))
    running.upgrade(built.house.database)
    with built.house.database.reading() as session:
        is_empty = not queries.members_by_email(session, cast.OWNER)
    if is_empty:
        cast.play(built)
    return built


def folder_mail(built: Built) -> FolderMail:
    """The folder that the mails lie in."""
    if not isinstance(built.mail, FolderMail):
        raise Refused("The demo keeps its mails in a folder; unset CALLS_SMTP.")
    return built.mail


def lines(built: Built) -> list[str]:
    """What a newcomer reads: where the public page, the host's side and the outbox are."""
    links, now = built.house.links, built.house.clock.now()
    with built.house.database.transaction() as session:
        [owner, *_] = queries.members_by_email(session, cast.OWNER)
        token = signing_in.link_for(session, owner, now=now)
    return [
        "",
        f"  Public page          {links.show('ask-tara')}",
        f"  Sign in as the host  {links.sign_in(token)}",
        f"  Outbox               {links.url}/outbox",
        f"  A busy calendar      {CALENDAR}",
        "",
        f"  The sign-in link works once, for 15 minutes. For another, type {cast.OWNER}",
        f"  at {links.sign_in()} and look into the outbox.",
        "  Nothing leaves this machine. Stop with Ctrl+C.",
        "",
    ]
