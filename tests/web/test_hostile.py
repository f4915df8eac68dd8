"""Bad input to the public pages of a server as it runs: refused in a sentence or made harmless, protected, and never logged."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from string import ascii_letters, digits
from urllib.parse import quote, urlencode

import httpx
import pytest
import sqlalchemy as sa
from icalendar import Calendar

from calls.ground.database import Database
from calls.registrations.models import Attendee, Registration
from calls.team import queries, signing_in
from tests.conftest import fresh_postgres
from tests.served import NO_TLS, Served, plan_a_show, stopped_after

pytestmark = pytest.mark.xdist_group("hostile")
PROTECTION = {
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
    "x-request-id",
}
ANN = "ann.who.is.private@example.com"
FORM = {"name": "Ann Lee", "email": ANN, "zone": "Europe/Berlin", "question": "", "website": "", "call": ""}
TOKEN = ascii_letters + digits + "-_"
on_one_database = pytest.mark.parametrize("stranger", ["sqlite"], indirect=True)  # for what no row is asked about
LONG = "x" * 10_000
numbers = count(1)
BELIEVED = "application/x-www-form-urlencoded"


class Stranger:
    """Somebody who sends anything, each time from another network. Whatever comes back must be protected and no failure."""

    def __init__(self, served: Served, page: str) -> None:
        self.served = served
        self.page = page
        self._numbers = count(1)
        self._client = httpx.Client(base_url=served.url, timeout=30, verify=NO_TLS, trust_env=False)

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, content: bytes = b"") -> httpx.Response:
        number = next(self._numbers)
        own = {"x-forwarded-for": f"10.{number % 250}.{number // 250}.1", "content-type": BELIEVED} | (headers or {})
        self._client.cookies.clear()
        answer = self._client.request(method, path, headers=own, content=content)
        assert answer.status_code < 500, (method, path, answer.text)
        assert set(answer.headers) >= PROTECTION, (method, path)
        return answer

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.send("GET", path, headers)

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        return self.send("POST", path, headers, urlencode(fields).encode())

    def register(self, **typed: str) -> httpx.Response:
        return self.post(self.page, FORM | typed)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def stranger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    """One server for all of these tests, which leave each other alone."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    with stopped_after() as servers:
        if request.param == "postgres":
            with fresh_postgres(request.getfixturevalue("postgres_server")) as address:
                yield Stranger(*served_at(servers, folder, CALLS_DATABASE=address))
                servers.pop().stop()
        else:
            yield Stranger(*served_at(servers, folder))


def served_at(servers: list[Served], folder: Path, **given: str) -> tuple[Served, str]:
    """A server with a show, and the page of its first call."""
    served = Served(folder, **given)
    servers.append(served)
    served.start()
    with closing(Database(served.database, is_serving=False)) as database:
        show = plan_a_show(database, datetime.now(UTC), capacity=10_000)[1]
    return served, f"/ask-tara/{show.first_day.isoformat()}"


@pytest.fixture(scope="module")
def links(stranger: Stranger) -> dict[str, str]:
    """Ann's own links, by what they open, and a host's way in."""
    assert stranger.register().status_code == 303
    letter = stranger.served.letters_to(ANN)[0]
    words = f"{letter['list-unsubscribe']} {part(letter, 'text/plain')}"
    found = {kind: f"/{kind}/{token}" for kind, token in re.findall(r"/(r|j|unsubscribe)/([\w-]{48})", words)}
    [feed] = set(re.findall(r"/feeds/[\w-]{48}/[\w-]+\.ics", stranger.get(found["r"]).text))
    with closing(Database(stranger.served.database, is_serving=False)) as database, database.transaction() as session:
        [host] = queries.members_by_email(session, "tara@example.com")
        token = signing_in.link_for(session, host, now=datetime.now(UTC))
    return found | {"feed": feed, "sign-in": f"/sign-in/{token}"}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Give a name."),
        ("name", " \t\r\n\u200b"[:4], "Give a name."),
        ("name", "\0\x1b\x7f\u202e", "Give a name."),
        ("name", LONG, "Give a name of at most 200 characters."),
        ("name", "🙂" * 201, "Give a name of at most 200 characters."),
        ("email", "", "Enter an e-mail address."),
        ("email", "ann@example.com\r\nBcc: all@example.com", "An e-mail address stands on one line."),
        ("email", "ann@example.com\n", "An e-mail address stands on one line."),
        ("email", "ann@example.com\u2028x", "An e-mail address stands on one line."),
        ("email", f"{LONG}@example.com", "An e-mail address has at most 254 characters."),
        ("email", "ann@example.com,bob@example.com", "Enter one e-mail address, like name@example.com."),
        ("email", "Ann <ann@example.com>", "The part before the @ is not one of an e-mail address, like name@example.com."),
        ("email", "ann@example.com)bob@evil.example", "Enter one e-mail address, like name@example.com."),
        ("email", '"ann b"@example.com', "The part before the @ is not one of an e-mail address, like name@example.com."),
        ("email", "ann@[127.0.0.1]", "The part after the @ is not the name of a mail domain, like example.com."),
        ("email", "ann@exa\u202emple.com", "The part after the @ is not the name of a mail domain, like example.com."),
        ("zone", "", "That time zone is not known; choose one from the list."),
        ("zone", "Mars/Olympus_Mons", "That time zone is not known; choose one from the list."),
        ("zone", "America", "That time zone is not known; choose one from the list."),
        ("zone", "zone.tab", "That time zone is not known; choose one from the list."),
        ("zone", "../../../etc/passwd", "That time zone is not known; choose one from the list."),
        ("zone", LONG, "That time zone is not known; choose one from the list."),
        ("question", LONG, "Ask in at most 1000 characters."),
        ("call", "2026-99-99", "Choose one of the dates from the list."),
        ("call", "x'; DROP TABLE calls; --", "Choose one of the dates from the list."),
        ("website", "https://evil.example", "A field that must stay empty was filled in by a program."),
    ],
)
def test_junk_in_a_field_is_refused_in_a_sentence(stranger: Stranger, field: str, typed: str, sentence: str) -> None:
    before = registered(stranger)

    answer = stranger.register(**{"email": f"junk{next(numbers)}@example.com", field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "'")
    assert registered(stranger) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoë O’Hara 李 🙂", "Zoë O’Hara 李 🙂"),
        ("\u202eevil\u202c \u2066Ann\u2069", "evil Ann"),
        ("Ann\r\nBcc: all@example.com\r\n\r\n<h1>", "Ann Bcc: all@example.com <h1>"),
        ("Ann\0\x1b[31m\x85Lee\u2028", "Ann[31m Lee"),
        ("BEGIN:VEVENT\nEND:VCALENDAR", "BEGIN:VEVENT END:VCALENDAR"),
        ("{{ 7*7 }} {name} %s </title><script>", "{{ 7*7 }} {name} %s </title><script>"),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
        ("e\u0301" + "\u0301" * 150, "e\u0301" + "\u0301" * 150),
    ],
)
def test_odd_name_is_kept_and_harmless_wherever_it_stands(stranger: Stranger, typed: str, kept: str) -> None:
    email = f"odd{next(numbers)}@example.com"

    answer = stranger.register(name=typed, email=email)

    assert answer.status_code == 303
    [letter] = stranger.served.letters_to(email)
    entry = Calendar.from_ical(part(letter, "text/calendar"))
    assert registered(stranger)[email] == kept
    assert (len(letter.get_all("to", [])), letter["bcc"], len(letter.get_all("subject", []))) == (1, None, 1)
    assert [it.name for it in entry.walk()] == ["VCALENDAR", "VEVENT"]
    assert entry.events[0].get("attendee") == f"mailto:{email}"
    assert "<script" not in part(letter, "text/html")


def test_token_with_one_character_changed_opens_nothing(stranger: Stranger, links: dict[str, str]) -> None:
    own = {kind: stranger.get(path).status_code for kind, path in links.items()}

    opened = [path for path in mistyped(links) if stranger.get(path).status_code not in {400, 404}]

    assert own == dict.fromkeys(links, 200)
    assert opened == []


def mistyped(links: dict[str, str]) -> Iterator[str]:
    """Each link with each of its characters replaced by its neighbour, and other spellings of the whole."""
    for kind, path in links.items():
        token = max(path.split("/"), key=len)
        for place, letter in enumerate(token):
            other = TOKEN[(TOKEN.index(letter) + 1) % len(TOKEN)]
            yield path.replace(token, f"{token[:place]}{other}{token[place + 1 :]}")
        for wrong in (
            token[:-1],
            token + "A",
            token[1:],
            token + "=",
            token.swapcase(),
            token + "%00",
            "%20" + token,
            token[::-1],
        ):
            yield path.replace(token, wrong)
        for purpose in {"r", "j", "unsubscribe", "sign-in"} - {kind}:
            yield f"/{purpose}/{token}"
        if kind != "feed":
            yield f"/feeds/{token}/calls.ics"


def test_form_posted_twice_registers_once(stranger: Stranger) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: Stranger(stranger.served, stranger.page).register(email="twice@example.com"), range(6)))

    assert [it.status_code for it in answers] == [303] * 6
    with closing(Database(stranger.served.database, is_serving=False)) as database, database.reading() as session:
        hers = sa.select(sa.func.count()).select_from(Registration).join(Attendee).where(Attendee.email == "twice@example.com")
        assert session.scalar(hers) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1"},
    ],
)
def test_form_from_another_site_does_nothing(stranger: Stranger, headers: dict[str, str]) -> None:
    answer = stranger.post(stranger.page, FORM | {"email": "elsewhere@example.com"}, headers)

    assert (answer.status_code, answer.text) == (403, "This form was sent from another site, so nothing was done.\n")
    assert "elsewhere@example.com" not in registered(stranger)


BODIES = {
    "no text": b"\xff\xfe\x00name=\xed\xa0\x80&email=%ff%fe&zone=%00",
    "half an escape": b"name=%&email=%4&zone=%zz&&&===",
    "json": b"[" * 100_000,
    "thousands of fields": b"&".join(b"f%d=1" % it for it in range(5_000)),
    "one name often": b"name=a&" * 900,
    "parts": b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnn\r\n--x--\r\n',
    "compressed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "nothing": b"",
    "a megabyte": b"name=" + b"a" * 999_000,
    "more than a megabyte": b"a" * 1_000_001,
}


@pytest.mark.parametrize("kind", BODIES)
def test_body_that_is_junk_is_no_failure(stranger: Stranger, kind: str) -> None:
    encoding = {"content-encoding": "gzip"} if kind == "compressed" else {}
    types = (BELIEVED, "application/json", "multipart/form-data; boundary=x", f"{BELIEVED}; charset=utf-16", ";;;", "")

    answers = {
        stranger.send("POST", path, encoding | {"content-type": content_type}, BODIES[kind]).status_code
        for path in (stranger.page, "/ask-tara", "/find")
        for content_type in types
    }

    assert answers <= {409, 413, 422}


@on_one_database
@pytest.mark.parametrize(
    "path",
    [
        "/%ff",
        "/%00",
        "/ask-tara/%00",
        "/..%2f..%2fetc/passwd",
        "/static/..%2f..%2fapp.py",
        "/static/%00",
        "/ask-tara/2026-11-25%0d%0aSet-Cookie:%20x=1",
        "/" + "a" * 1_900,
        "/" + "a" * 5_000,
        "//evil.example/%2f..",
        "/%5cevil.example",
        "/ask-tara/calendar.ics/",
        "/feeds/x/y.ics",
        "/r/%F0%9F%99%82",
        "/sign-in/%2e%2e%2fhost",
        "/ask-tara?" + "a=1&" * 1_500,
        "/ask-tara?%ff=%00&=&&call=%zz",
        "/find?" + "x" * 9_000,
        "/{{7*7}}",
        "/%E2%80%AE",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_path_that_is_junk_is_no_failure(stranger: Stranger, path: str, method: str) -> None:
    answer = stranger.send(method, path)

    assert answer.status_code in {200, 400, 404, 405, 409, 413, 414, 422}
    assert "set-cookie" not in answer.headers


@on_one_database
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_method_that_nobody_takes_changes_nothing(stranger: Stranger, method: str) -> None:
    assert stranger.send(method, stranger.page).status_code in {204, 400, 405}


@on_one_database
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cookie", "calls=; __Host-calls=x; =; ;;; " + "a" * 4_000),
        ("cookie", "calls-registered=junk.junk.junk; calls-find=%00"),
        ("accept-encoding", "gzip;q=x, ,;;, *;q=0"),
        ("if-none-match", '"' * 500),
        ("if-modified-since", "Tue, 99 Foo 99999 99:99:99 GMT"),
        ("range", "bytes=0-,0-,0-,-1,99999999999999999999-"),
        ("x-forwarded-for", "not an address, ::ffff:1.2.3.4, 999.999.1.1"),
        ("user-agent", "x" * 5_000),
        ("accept-language", "*" * 3_000),
        ("content-length", "0"),
    ],
)
def test_header_that_is_junk_is_no_failure(stranger: Stranger, name: str, value: str) -> None:
    paths = ("/", "/ask-tara", stranger.page, "/ask-tara/calendar.ics", "/find?sent", "/host")

    statuses = {path: stranger.get(path, {name: value}).status_code for path in paths}

    assert statuses == dict.fromkeys(paths, 200) | {"/host": 303}


@on_one_database
@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"\r\n" * 5_000,
    ],
)
def test_bytes_that_are_no_request_leave_the_server_well(stranger: Stranger, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", stranger.served.port), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        said = connection.recv(100)

    assert said[:12] in {b"", b"HTTP/1.1 400", b"HTTP/1.1 421", b"HTTP/1.1 414"}
    assert stranger.get("/health/live").status_code == 200


def test_what_is_private_stands_in_no_line_of_the_log(stranger: Stranger, links: dict[str, str]) -> None:
    for path in [*links.values(), *(f"{path}?x={quote(ANN)}" for path in links.values())]:
        stranger.get(path)
        stranger.get(f"/none{path}")
        stranger.post(path, {"email": ANN, "name": "Ann Private Lee"})
    stranger.post("/find", {"email": ANN})
    stranger.post("/sign-in", {"email": ANN})
    stranger.register(email=f"{ANN}\r\nforged line", name="Ann Private Lee")

    log = stranger.served.log
    secrets = [max(path.split("/"), key=len) for path in links.values()]
    assert [it for it in [*secrets, ANN, "Ann Private Lee", "forged line", "127.0.0.1 - ", "10.0."] if it in log] == []
    assert "POST /{slug}/{address} 303" in log
    assert "Traceback" not in log


def part(letter: EmailMessage, kind: str) -> str:
    """What the first part of that kind says."""
    return str(next(it for it in letter.walk() if it.get_content_type() == kind).get_content())


def registered(stranger: Stranger) -> dict[str, str]:
    """The names of all attendees by their addresses."""
    with closing(Database(stranger.served.database, is_serving=False)) as database, database.reading() as session:
        return {str(email): name for email, name in session.execute(sa.select(Attendee.email, Attendee.name))}
