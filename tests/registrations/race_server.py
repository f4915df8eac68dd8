"""A whole server as `calls serve` runs it, but with the way of taking seats to choose: `guarded` or `careless`.

`python -m tests.registrations.race_server careless` says its port in one line, and serves until it is stopped.
"""

import os
import socket
import sys
from dataclasses import replace

import uvicorn

from calls import app, settings
from calls.cli.serving import BACKLOG, flags
from calls.registrations import seating
from calls.registrations.registering import Take
from calls.web.asgi import App
from tests.registrations.careless import LooksOnce


def make(take: Take) -> App:
    built = app.build(settings.read(os.environ))
    return app.create_app(replace(built, house=replace(built.house, take_seat=take)))


def main() -> None:
    ways: dict[str, Take] = {"guarded": seating.take, "careless": LooksOnce()}
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listening:
        port = listening.getsockname()[1]
        os.environ["CALLS_URL"] = f"http://127.0.0.1:{port}"
        print(port, flush=True)
        uvicorn.Server(flags(lambda: make(ways[sys.argv[1]]))).run(sockets=[listening])


if __name__ == "__main__":
    main()
