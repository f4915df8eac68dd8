"""The shell: what holds for every answer, and what never reaches a page function."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.web import get, post
from calls.web.answers import Answer, Header
from calls.web.asking import Ask
from calls.web.bodies import LARGEST, Gone, TooLarge, TooSlow, read_body
from calls.web.pages import keep, redirect, text
from calls.web.protection import content_policy
from tests.web.little import Little, a_house, an_answer, little

PROTECTION = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'none'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


@get("/{slug}")
def show(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    return keep(ask, ticket, an_answer(f"show {ask.part('slug')} " * 200), tags={"show:1"})


@post("/{slug}")
def register(ask: Ask) -> Answer:
    return redirect(f"/{ask.part('slug')}")


@get("/{slug}/{address}")
def who(ask: Ask) -> Answer:
    return text(f"{ask.client} {ask.part('address')} {ask.cookie('sid')}")


@get("/broken")
def broken(ask: Ask) -> Answer:
    raise RuntimeError("ann@example.org cannot be greeted")


@post("/unsubscribe/{token}")
def unsubscribe(ask: Ask) -> Answer:
    return text(ask.form.value("List-Unsubscribe"))


PAGES = (show, register, who, broken, unsubscribe)
HOST = ((b"host", b"127.0.0.1:8000"),)


@pytest.fixture
def web() -> Iterator[Little]:
    with little(*PAGES) as one:
        yield one


@pytest.mark.parametrize(
    ("method", "path", "status", "policy"),
    [
        ("GET", "/tara", 200, "same-origin"),
        ("HEAD", "/tara", 200, "same-origin"),
        ("POST", "/tara", 303, "same-origin"),
        ("OPTIONS", "/tara", 204, "same-origin"),
        ("GET", "/tara/x/y", 404, "no-referrer"),
        ("GET", "/static/0/app.css", 404, "no-referrer"),
        ("PUT", "/tara", 405, "no-referrer"),
        ("BREW", "/tara", 405, "no-referrer"),
        ("GET", "/broken", 500, "no-referrer"),
        ("HEAD", "/broken", 500, "no-referrer"),
        ("GET", "/a%00b", 400, "same-origin"),
        ("GET", "/" + "a" * 5_000, 414, "same-origin"),
        ("GET", "/tara?" + "a" * 9_000, 414, "same-origin"),
    ],
)
def test_every_answer_is_protected_and_numbered(web: Little, method: str, path: str, status: int, policy: str) -> None:
    answer = web.browser.request(method, path)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in PROTECTION} == PROTECTION | {"referrer-policy": policy}
    assert answer.headers["x-request-id"].count("-") == 1
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/tara/x/y"), ("PUT", "/tara"), ("GET", "/broken")])
def test_pages_of_what_litestar_refuses_name_their_charset_once(web: Little, method: str, path: str) -> None:
    answer = web.browser.request(method, path)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_https_is_said_to_stay() -> None:
    with little(*PAGES, house=a_house("https://calls.example")) as web:
        answer = web.browser.get("/tara")

    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_second_asker_is_answered_from_memory_until_a_change(web: Little) -> None:
    first = web.browser.get("/tara")
    second = web.browser.get("/tara")
    web.house.database.tell(frozenset({"show:1"}))

    assert web.house.kept.find("/tara", web.house.clock.now()) is None
    assert first.text == second.text == "show tara " * 200
    assert first.headers["etag"] == second.headers["etag"]


@pytest.mark.parametrize("turn", ["first", "kept"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_copy_that_is_still_good_is_not_sent_again(web: Little, turn: str, method: str) -> None:
    etag = web.browser.get("/tara").headers["etag"]
    if turn == "first":
        web.house.kept.forget("/tara")
    answer = web.browser.request(method, "/tara", headers={"if-none-match": etag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("turn", ["first", "kept"])
@pytest.mark.parametrize(("accepted", "coding"), [("gzip", "gzip"), ("identity", None), ("gzip;q=0, *", None)])
def test_compression_is_what_was_asked_for(web: Little, turn: str, accepted: str, coding: str | None) -> None:
    if turn == "kept":
        web.browser.get("/tara")
    answer = web.browser.get("/tara", headers={"accept-encoding": accepted})

    assert answer.headers.get("content-encoding") == coding
    assert answer.text == "show tara " * 200


def test_head_says_what_get_would_and_sends_nothing(web: Little) -> None:
    full = web.browser.get("/tara/x")
    head = web.browser.head("/tara/x")

    assert head.content == b""
    assert head.headers["content-length"] == full.headers["content-length"] == str(len(full.content))


@pytest.mark.parametrize(("path", "kept"), [("/tara?x=1", []), ("/tara/", ["/tara"]), ("//tara", ["/tara"])])
def test_only_the_one_spelling_of_a_path_is_kept(web: Little, path: str, kept: list[str]) -> None:
    web.browser.get("http://127.0.0.1:8000" + path)

    assert list(web.house.kept._places) == kept


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:8000.evil.example", "calls.example", ""])
@pytest.mark.parametrize("path", ["/tara", "/none/at/all", "/static/x", "/"])
def test_foreign_host_is_served_nothing(web: Little, host: str, path: str) -> None:
    answer = web.browser.get(path, headers={"host": host, "x-forwarded-host": "127.0.0.1:8000"})

    assert (answer.status_code, answer.text) == (421, "This address is not served here.\n")


@pytest.mark.parametrize("hosts", [[], ["127.0.0.1:8000", "evil.example"], ["127.0.0.1:8000", "127.0.0.1:8000"]])
def test_anything_but_one_host_line_is_refused(web: Little, hosts: list[str]) -> None:
    answer = raw(web, headers=[(b"host", host.encode()) for host in hosts])

    assert answer[0]["status"] == 400


@pytest.mark.parametrize("host", ["localhost:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_loopback_answers_to_each_of_its_names(web: Little, host: str) -> None:
    answer = web.browser.get("/tara", headers={"host": host})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),  # no browser
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),  # so browsers send it from a no-referrer page
        ({"origin": "http://127.0.0.1:8000"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "junk"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://127.0.0.1:8000"}, 403),
    ],
)
def test_form_is_taken_from_our_own_pages_only(web: Little, headers: dict[str, str], status: int) -> None:
    answer = web.browser.post("/tara", data={"name": "Ann"}, headers=headers)

    assert answer.status_code == status


def test_mail_program_may_unsubscribe_with_one_click(web: Little) -> None:
    answer = web.browser.post(
        "/unsubscribe/abc", data={"List-Unsubscribe": "One-Click"}, headers={"origin": "https://mail.example"}
    )

    assert (answer.status_code, answer.text) == (200, "One-Click")


def test_largest_form_is_taken_and_a_larger_one_is_not(web: Little) -> None:
    largest = web.browser.post("/tara", content=b"a" * LARGEST)
    larger = web.browser.post("/tara", content=b"a" * (LARGEST + 1))
    in_parts = web.browser.post("/tara", content=(b"a" * 100_000 for _ in range(11)))

    assert (largest.status_code, larger.status_code, in_parts.status_code) == (303, 413, 413)
    assert larger.text == "That is more than any form here can hold.\n"


@pytest.mark.parametrize("length", [b"-1", b"junk", b"9" * 5_000, b"1_0", b"\xff"])
def test_length_that_is_no_length_is_too_large(length: bytes) -> None:
    with pytest.raises(TooLarge):
        asyncio.run(read_body(Messages(), length))


def test_body_that_never_ends_is_given_up() -> None:
    begun = {"type": "http.request", "body": b"name=", "more_body": True}

    with pytest.raises(TooSlow):
        asyncio.run(read_body(Messages(begun, is_stalling=True), b"", seconds=0.01))


def test_asker_who_hangs_up_is_gone() -> None:
    with pytest.raises(Gone):
        asyncio.run(read_body(Messages({"type": "http.disconnect"}), b""))


def test_deeply_nested_body_is_not_even_looked_at(web: Little) -> None:
    answer = web.browser.post("/tara", content=b"[" * 100_000, headers={"content-type": "application/json"})

    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("path", "part"),
    [("/tara/" + "9" * 400, "9" * 400), ("/tara/%ff", "�"), ("/tara/1_0", "1_0"), ("/tara/%D9%A3", "٣"), ("/tara/..%5c", "..\\")],
)
def test_hostile_part_of_a_path_is_plain_text(web: Little, path: str, part: str) -> None:
    answer = web.browser.get(path)

    assert (answer.status_code, answer.text) == (200, f"127.0.0.1 {part} ")


def test_cookies_that_are_junk_are_no_cookies(web: Little) -> None:
    answer = web.browser.get("/tara/x", headers={b"cookie": "sid; =; ;;; __Host-sid=stolen; größe=ü; sid=mine".encode()})

    assert answer.text == "127.0.0.1 x mine"


def test_address_is_taken_from_a_trusted_proxy_only() -> None:
    spoof = {"x-forwarded-for": "203.0.113.7"}
    proxies = [ip_network("10.0.0.0/8")]

    with little(*PAGES, trusted=proxies, peer="10.0.0.1") as web:
        behind = web.browser.get("/tara/x", headers=spoof)
    with little(*PAGES, trusted=proxies, peer="192.0.2.1") as web:
        direct = web.browser.get("/tara/x", headers=spoof)

    assert (behind.text, direct.text) == ("203.0.113.7 x ", "192.0.2.1 x ")


def test_log_names_routes_and_never_paths_or_people(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "calls.access")

    with little(*PAGES, peer="203.0.113.7") as web:
        for path in (
            "/secret-tara",
            "/secret-tara",
            "/secret/token?email=ann",
            "/secret/x/y",
            web.house.static.address("app.css"),
        ):
            web.browser.get(path)
        web.browser.post("/secret-tara", data={"name": "Ann"}, headers={"sec-fetch-site": "cross-site"})

    lines = [record.getMessage().split(" ")[:3] for record in caplog.records if record.name == "calls.access"]
    assert lines == [
        ["GET", "/{slug}", "200"],
        ["GET", "/{slug}", "200"],
        ["GET", "/{slug}/{address}", "200"],
        ["GET", "none", "404"],
        ["GET", "/static/{name}", "200"],
        ["POST", "none", "403"],
    ]


def test_time_is_counted_by_route(web: Little) -> None:
    for name in ("a", "b", "c"):
        web.browser.get(f"/{name}")
    web.browser.request("BREW", "/a")
    counted = {
        tuple(sample.labels.values()): sample.value
        for metric in web.registry.collect()
        for sample in metric.samples
        if sample.name == "calls_request_seconds_count"
    }

    assert counted == {("GET", "/{slug}", "200"): 3, ("other", "none", "405"): 1}


def test_failure_of_the_failure_page_still_has_an_answer(web: Little) -> None:
    sent: list[dict[str, Any]] = []
    web.house.templates.loader = None

    with pytest.raises(TypeError, match="no loader"):
        raw(web, "/broken", into=sent)

    assert sent[0]["status"] == 500
    assert dict(sent[0]["headers"])[b"x-frame-options"] == b"DENY"
    assert b"Something broke on our side" in sent[1]["body"]


def test_web_socket_is_closed(web: Little) -> None:
    assert raw(web, kind="websocket") == [{"type": "websocket.close", "code": 1000}]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(st.characters(codec="utf-8"), max_size=40),
    headers=st.lists(
        st.tuples(st.sampled_from([b"cookie", b"accept-encoding", b"if-none-match", b"origin"]), st.binary(max_size=40))
    ),
)
def test_no_request_is_answered_with_a_failure(web: Little, path: str, headers: list[Header]) -> None:
    answer = raw(web, f"/{path}", [*HOST, *headers])

    assert answer[0]["status"] < 500


def test_form_may_end_on_the_sites_that_are_named() -> None:
    targets = [
        "https://zoom.example/j/1?x",
        "http://[2001:db8::1]:80/",
        "javascript:alert(1)",
        "https://a;b",
        "https://a b/",
        "junk",
        "https://ü.example",
        "https://x:port/",
    ]

    policy = content_policy(targets)

    assert "form-action 'self' https://zoom.example http://[2001:db8::1]:80;" in policy


class Messages:
    """The receiving end of a connection: these messages, and then either an end or nothing more for ever."""

    def __init__(self, *messages: dict[str, Any], is_stalling: bool = False) -> None:
        self._messages = list(messages)
        self._is_stalling = is_stalling

    async def __call__(self) -> dict[str, Any]:
        if self._messages:
            return self._messages.pop(0)
        await asyncio.sleep(60 if self._is_stalling else 0)
        return {"type": "http.request", "body": b"", "more_body": False}


def raw(
    web: Little,
    path: str = "/tara",
    headers: Sequence[Header] = HOST,
    kind: str = "http",
    into: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """What the application sends for a request that no client library would write."""
    sent = [] if into is None else into

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(web.browser.app({**scope, "asgi": {"version": "3.0"}}, Messages(), send))
    return sent


@post("/r/{token}")
def give_up(ask: Ask) -> Answer:
    return text("done")


@post("/a/{token}")
def say_no(ask: Ask) -> Answer:
    return text("done")


@pytest.mark.parametrize("path", ["/r/abc", "/a/abc"])
def test_form_behind_a_secret_link_may_come_from_a_browser_that_says_null(path: str) -> None:
    with little(give_up, say_no) as web:
        answer = web.browser.post(path, headers={"origin": "null"})

        assert (answer.status_code, answer.text) == (200, "done")


def test_form_elsewhere_may_not_come_from_a_browser_that_says_null(web: Little) -> None:
    answer = web.browser.post("/tara", headers={"origin": "null"})

    assert answer.status_code == 403
