"""A web server on loopback that answers as a test says, and remembers what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Respond = Callable[[BaseHTTPRequestHandler], None]


class WebServer:
    """`pages` says what to do for each path; `asked` keeps path and headers of each request."""

    def __init__(self, pages: dict[str, Respond], trust: ssl.SSLContext | None) -> None:
        asked: list[tuple[str, dict[str, str]]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append((self.path, dict(self.headers)))
                with suppress(OSError):
                    pages[self.path](self)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if trust:
            self._server.socket = trust.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def web_server(pages: dict[str, Respond], trust: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    server = WebServer(pages, trust)
    server.thread.start()
    try:
        yield server
    finally:
        server.stop()


def page(body: bytes, status: int = 200, **headers: str) -> Respond:
    """An answer as it should be; a header's name is written with underscores."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def raw(*pieces: bytes, pause: float = 0) -> Respond:
    """Bytes as they are, with a pause after each."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        waiting = threading.Event()
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            waiting.wait(pause)
        handler.close_connection = True

    return respond
