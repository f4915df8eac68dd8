"""The one outer wrapper around Litestar: what holds for every answer, 404, 405 and 500 included.

Litestar's own middleware is not run for 404 and 405, so nothing of this may stand there. What is kept in memory is
answered here, before Litestar is entered.
"""

import re
from collections.abc import Sequence
from time import perf_counter

from calls.web import bodies
from calls.web.answers import HTML, PLAIN, Answer, Header
from calls.web.asgi import App, Message, Receive, Scope, Send
from calls.web.asking import BODY, CLIENT, FORM, NUMBER
from calls.web.hosts import Hosts, Network, client, is_direct
from calls.web.house import House
from calls.web.noting import Numbers, Timing, note
from calls.web.protection import protected, protection
from calls.web.uploads import TooManyAtOnce, Uploads

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({b"same-origin", b"none"})
# Pages that send no referrer make old browsers say "null" of their own forms. Who posts here knows the secret in the path.
SECRET_PATHS = ("/r/", "/a/", "/j/", "/g/", "/p/", "/w/", "/sign-in/")
OPERATING = ("/health/", "/metrics")
LONGEST_PATH = 2_000
LONGEST_QUERY = 8_000
CONTROLS = re.compile("[\x00-\x1f\x7f]")
NOT_TAKEN: dict[type[Exception], tuple[int, str]] = {
    bodies.TooLarge: (413, "That is more than any form here can hold."),
    bodies.TooSlow: (408, "That took too long to arrive."),
    bodies.Unreadable: (400, "That form did not arrive whole. Please send it again."),
    TooManyAtOnce: (503, "Many files arrive at this moment. Please send it again in a minute."),
}
BROKEN = (
    b'<!doctype html><html lang="en"><meta charset="utf-8"><title>Something broke</title>'
    b"<h1>Something broke on our side</h1><p>It has been noted. Please try again in a few minutes.</p></html>"
)


class Asked:
    """The header lines that the shell itself looks at."""

    __slots__ = ("encoding", "host", "hosts", "kind", "length", "match", "origin", "since", "site")

    def __init__(self, headers: Sequence[Header]) -> None:
        self.host = self.encoding = self.match = self.since = self.site = self.origin = self.length = self.kind = b""
        self.hosts = 0
        for name, value in headers:
            if name == b"host":
                self.host = value
                self.hosts += 1
            elif name == b"accept-encoding":
                self.encoding = f"{self.encoding.decode('latin-1')},".encode("latin-1") + value if self.encoding else value
            elif name == b"if-none-match":
                self.match = self.match + b"," + value if self.match else value
            elif name == b"if-modified-since":
                self.since = value
            elif name == b"sec-fetch-site":
                self.site = value
            elif name == b"origin":
                self.origin = value
            elif name == b"content-length":
                self.length = value
            elif name == b"content-type":
                self.kind = value


class Shell:
    """An ASGI application around another. `open_to_others` are paths that other sites may post to (RFC 8058)."""

    def __init__(
        self,
        app: App,
        house: House,
        timing: Timing,
        *,
        uploads: Uploads,
        trusted: Sequence[Network] = (),
        open_to_others: tuple[str, ...] = ("/unsubscribe/",),
    ) -> None:
        self._app = app
        self._house = house
        self._timing = timing
        self._uploads = uploads
        self._trusted = tuple(trusted)
        self._open_to_others = open_to_others
        self._hosts = Hosts(house.links.url)
        self._protection = protection(self._hosts.is_https)
        self._numbers = Numbers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = Sending(send, scope, self._numbers.next(), self._protection, self._timing)
        try:
            await self._respond(scope, receive, sending)
        finally:
            sending.note()

    async def _respond(self, scope: Scope, receive: Receive, sending: "Sending") -> None:
        asked = Asked(scope["headers"])
        if not self._is_at_home(scope, asked):
            await sending.answer(_plain(400 if asked.hosts != 1 else 421, "This address is not served here."))
        elif scope["method"] not in SAFE_METHODS:
            await self._take(scope, receive, asked, sending)
        elif not await self._answer_from_memory(scope, asked, sending):
            await self._enter(scope, receive, sending)

    def _is_at_home(self, scope: Scope, asked: Asked) -> bool:
        """Whether the one Host header names this installation; a health check may name the machine instead."""
        if asked.hosts != 1:
            return False
        is_known = self._hosts.knows(asked.host)
        return is_known or (scope["path"].startswith(OPERATING) and is_direct(asked.host))

    async def _answer_from_memory(self, scope: Scope, asked: Asked, sending: "Sending") -> bool:
        """Answer with what is ready to be sent, if anything is."""
        method = scope["method"]
        if scope["query_string"] or method == "OPTIONS":
            return False
        path = scope["path"]
        prepared = self._house.kept.find(path, self._house.clock.now()) or self._house.static.find(path)
        if prepared is None:
            return False
        sending.route = prepared.route
        await sending.reply(*prepared.reply(method, asked.encoding, asked.match, asked.since))
        return True

    async def _take(self, scope: Scope, receive: Receive, asked: Asked, sending: "Sending") -> None:
        """Let a request through that means to change something: from our own pages only, whole, and not too big."""
        if not self._is_from_here(scope["path"], asked):
            await sending.answer(_plain(403, "This form was sent from another site, so nothing was done."))
            return
        kind = asked.kind.decode("latin-1")
        most = self._uploads.most(scope["path"], kind)
        try:
            with self._uploads.place(most):
                if most:
                    scope[FORM] = await self._uploads.read(receive, asked.length, kind, most)
                scope[BODY] = b"" if most else await bodies.read_body(receive, asked.length)
                await self._enter(scope, bodies.again(scope[BODY]), sending)
        except bodies.Gone:
            return
        except tuple(NOT_TAKEN) as fault:
            await sending.answer(_plain(*NOT_TAKEN[type(fault)]))

    def _is_from_here(self, path: str, asked: Asked) -> bool:
        """Whether a browser says that one of our pages sent this; what is no browser says nothing and bears no cookies."""
        if path.startswith(self._open_to_others):
            return True
        if asked.site:
            return asked.site in OWN_SITES
        if asked.origin == b"null" and path.startswith(SECRET_PATHS):
            return True
        return not asked.origin or self._hosts.is_own_origin(asked.origin)

    async def _enter(self, scope: Scope, receive: Receive, sending: "Sending") -> None:
        """Hand the request on to Litestar, and answer even when that fails."""
        if len(scope["path"]) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_QUERY:
            await sending.answer(_plain(414, "That address is too long."))
            return
        if CONTROLS.search(scope["path"]):
            await sending.answer(_plain(400, "That is no address."))
            return
        peer = scope["client"][0] if scope.get("client") else ""
        scope[CLIENT] = client(peer, scope["headers"], self._trusted)
        scope[NUMBER] = sending.number
        try:
            await self._app(scope, receive, sending)
        finally:
            if not sending.is_started:
                await sending.answer(Answer(BROKEN, HTML, 500))


class Sending:
    """The way back: adds to every answer what all must have, and notes it once it has gone, when nobody waits for that."""

    __slots__ = ("_protection", "_scope", "_send", "_started_at", "_timing", "number", "route", "status")

    def __init__(self, send: Send, scope: Scope, number: str, lines: list[Header], timing: Timing) -> None:
        self._send = send
        self._scope = scope
        self._protection = lines
        self._timing = timing
        self._started_at = perf_counter()
        self.number = number
        self.route = ""
        self.status = 0

    @property
    def is_started(self) -> bool:
        return self.status > 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = protected(list(message["headers"]), self._protection)
            headers.append((b"x-request-id", self.number.encode()))
            message = {**message, "headers": headers}
        await self._send(message)

    async def reply(self, status: int, headers: list[Header], body: bytes) -> None:
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def answer(self, answer: Answer) -> None:
        """Send an answer of the shell's own."""
        await self.reply(*sent(answer, self._scope["method"]))

    def note(self) -> None:
        """Note what was answered, if anything was."""
        if self.is_started:
            route = self.route or str(self._scope.get("path_template") or "none")
            note(self._timing, self._scope["method"], route, self.status, perf_counter() - self._started_at, self.number)


def sent(answer: Answer, method: str) -> tuple[int, list[Header], bytes]:
    """An answer as status, header lines and body; a HEAD request gets everything but the body."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.lines()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    return answer.status, headers, b"" if method == "HEAD" else answer.body


def _plain(status: int, sentence: str) -> Answer:
    return Answer(f"{sentence}\n".encode(), PLAIN, status)
