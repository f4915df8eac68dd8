"""One request, as a page function sees it."""

from functools import cached_property
from uuid import UUID

from calls.ground.refusals import NotFound
from calls.web.asgi import Scope
from calls.web.forms import URLENCODED, Form, parse
from calls.web.house import House

CLIENT = "calls.client"
NUMBER = "calls.number"
BODY = "calls.body"
FORM = "calls.form"
SECURE_PREFIX = "__Host-"


class Ask:
    """Who asks for what, when, with which words. Everything is read when it is first wanted."""

    def __init__(self, house: House, scope: Scope) -> None:
        self.house = house
        self.scope = scope
        self.now = house.clock.now()

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The path in its one spelling: Litestar has taken out doubled slashes and the last one."""
        return str(self.scope["path"])

    @property
    def route(self) -> str:
        """The address with its parameters unnamed, which may stand in logs and figures."""
        return str(self.scope.get("path_template") or "none")

    @property
    def client(self) -> str:
        """The IP address of the asker, right behind trusted proxies."""
        return str(self.scope.get(CLIENT, ""))

    @property
    def number(self) -> str:
        """The request's own number, which logs and the page for a failure name."""
        return str(self.scope.get(NUMBER, ""))

    @property
    def has_query(self) -> bool:
        return bool(self.scope.get("query_string"))

    def part(self, name: str) -> str:
        """A parameter in the path, as text."""
        return str(self.scope["path_params"][name])

    def id(self, name: str) -> UUID:
        """A parameter in the path, as an identifier in its one spelling; NotFound for anything else."""
        text = self.part(name)
        try:
            id = UUID(text)
        except ValueError as fault:
            raise NotFound from fault
        if str(id) != text:
            raise NotFound
        return id

    def header(self, name: str) -> str:
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for own, value in self.scope["headers"] if own == wanted), "")

    def cookie(self, name: str) -> str:
        """The value of one of our cookies, "" when it did not come."""
        wanted = f"{SECURE_PREFIX}{name}" if self.house.is_https else name
        for pair in self.header("cookie").split(";"):
            own, equals, value = pair.strip().partition("=")
            if equals and own == wanted:
                return value.strip('"')
        return ""

    @cached_property
    def query(self) -> Form:
        return parse(self.scope.get("query_string", b""))

    @cached_property
    def form(self) -> Form:
        """The fields of a form that was posted, with its files where the address takes any; empty for any other kind of body."""
        uploaded: Form | None = self.scope.get(FORM)
        if uploaded is not None:
            return uploaded
        kind = self.header("content-type").partition(";")[0].strip().lower()
        return parse(self.scope.get(BODY, b"")) if kind == URLENCODED else Form()
