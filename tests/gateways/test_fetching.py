"""What is fetched from the web, on a real server: never from a place that is not public, never too much of it, never for long."""

import gzip
import ssl
import time
from collections.abc import Sequence

import pytest
import trustme

from calls.gateways.fetching import LARGEST, Fetched, NotFetched, PublicWeb
from calls.ground.public_addresses import Rule
from tests.gateways.web_servers import page, raw, web_server

LOOPBACK = Rule(takes_loopback=True)
HEAD = b"HTTP/1.1 200 OK\r\n"


def fault(web: PublicWeb, address: str) -> str:
    with pytest.raises(NotFetched) as found:
        web.fetch(address)
    return str(found.value)


def test_what_lies_there_is_fetched_with_its_tag() -> None:
    with web_server({"/busy.ics?a=%C3%B6": page(b"BEGIN", ETag='"1"')}) as server:
        fetched = PublicWeb(LOOPBACK).fetch(f"http://localhost:{server.port}/busy.ics?a=ö")

    [(_, headers)] = server.asked
    assert fetched == Fetched(b"BEGIN", '"1"')
    assert headers == {
        "Host": f"localhost:{server.port}",
        "User-Agent": headers["User-Agent"],
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def test_what_has_not_changed_is_not_fetched_again() -> None:
    with web_server({"/": page(b"", 304)}) as server:
        fetched = PublicWeb(LOOPBACK).fetch(f"http://127.0.0.1:{server.port}/", '"1"')

    assert fetched == Fetched(None, '"1"')
    assert server.asked[0][1]["If-None-Match"] == '"1"'


def test_packed_answer_is_unpacked() -> None:
    with web_server({"/": page(gzip.compress(b"BEGIN"), Content_Encoding="gzip")}) as server:
        assert PublicWeb(LOOPBACK).fetch(f"http://127.0.0.1:{server.port}/").body == b"BEGIN"


def test_answer_in_pieces_is_put_together() -> None:
    pieces = raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"3\r\nBEG\r\n", b"2\r\nIN\r\n0\r\n\r\n")
    with web_server({"/": pieces}) as server:
        assert PublicWeb(LOOPBACK).fetch(f"http://127.0.0.1:{server.port}/").body == b"BEGIN"


def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    pages = {f"/{number}": page(b"", 302, Location=f"/{number - 1}") for number in range(1, 5)}
    with web_server(pages | {"/0": page(b"BEGIN")}) as server:
        web, address = PublicWeb(LOOPBACK), f"http://127.0.0.1:{server.port}"

        assert web.fetch(f"{address}/3").body == b"BEGIN"
        assert fault(web, f"{address}/4") == "The address leads on to another more than 3 times."


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://[::ffff:a00:1]/", "http://169.254.169.254/", "file:///etc/passwd", "//intranet/", "http://["],
)
def test_redirect_to_what_is_not_public_is_not_followed(location: str) -> None:
    with web_server({"/": page(b"", 302, Location=location)}) as server:
        said = fault(PublicWeb(LOOPBACK), f"http://127.0.0.1:{server.port}/")

    assert said.startswith("127.0.0.1 leads on to ")
    assert len(server.asked) == 1


def test_own_machine_is_not_asked_by_the_rule_that_holds_outside_of_tests() -> None:
    with web_server({"/": page(b"BEGIN")}) as server:
        said = fault(PublicWeb(), f"http://127.0.0.1:{server.port}/")

    assert (said, server.asked) == ("127.0.0.1 is this machine, and no place of the public internet.", [])


@pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["fe80::1%eth0"], ["127.0.0.1"]])
def test_name_of_which_one_address_is_not_public_is_not_asked_at_all(found: list[str]) -> None:
    said = fault(PublicWeb(resolve=lambda host, port: found), "http://rebound.example/")

    assert said.endswith("and no place of the public internet.")


def test_name_is_looked_up_once_and_the_address_that_was_judged_is_asked() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    with web_server({"/": page(b"BEGIN")}) as server:
        web = PublicWeb(LOOPBACK, resolve=lambda host, port: next(answers))
        body = web.fetch(f"http://rebound.example:{server.port}/").body

    assert (body, next(answers)) == (b"BEGIN", ["10.0.0.1"])
    assert server.asked[0][1]["Host"] == f"rebound.example:{server.port}"


def test_certificate_must_be_that_of_the_name() -> None:
    authority, serving, trust = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("calendar.example").configure_cert(serving)
    authority.configure_trust(trust)
    with web_server({"/": page(b"BEGIN")}, serving) as server:
        web = PublicWeb(LOOPBACK, resolve=lambda host, port: ["127.0.0.1"], trust=trust)

        assert web.fetch(f"webcal://calendar.example:{server.port}/").body == b"BEGIN"
        other = "The certificate of other.example is not one to trust."
        assert fault(web, f"https://other.example:{server.port}/") == other


def test_encrypted_address_leads_on_to_no_open_one() -> None:
    authority, serving, trust = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(serving)
    authority.configure_trust(trust)
    with web_server({"/": page(b"", 301, Location="http://127.0.0.1/")}, serving) as server:
        said = fault(PublicWeb(LOOPBACK, trust=trust), f"https://127.0.0.1:{server.port}/")

    assert said == "127.0.0.1 leads on to an address that is not encrypted."


def test_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with web_server({"/": page(b"BEGIN")}) as server, web_server({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        body = PublicWeb(LOOPBACK).fetch(f"http://127.0.0.1:{server.port}/").body

    assert (body, proxy.asked) == (b"BEGIN", [])


TOO_LARGE = "What 127.0.0.1 sends is larger than 1 MB."
BROKEN = "127.0.0.1 could not be reached, or gave no proper answer."


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({"/": page(b"x" * (LARGEST + 1))}, TOO_LARGE),
        ({"/": page(gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip")}, TOO_LARGE),
        ({"/": raw(HEAD + b"\r\n", *[b"x" * 100_000] * 12)}, TOO_LARGE),
        ({"/": raw(HEAD, *[b"X: " + b"y" * 60_000 + b"\r\n"] * 20)}, TOO_LARGE),
        ({"/": page(b"no gzip", Content_Encoding="gzip")}, BROKEN),
        ({"/": page(gzip.compress(b"BEGIN" * 1000)[:-9], Content_Encoding="gzip")}, BROKEN),
        ({"/": page(b"x", Content_Encoding="br")}, BROKEN),
        ({"/": raw(HEAD + b"Content-Length: 9\r\n\r\nBEGIN")}, BROKEN),
        ({"/": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")}, BROKEN),
        ({"/": raw(b"SSH-2.0-OpenSSH\r\n")}, BROKEN),
        ({"/": raw(b"")}, BROKEN),
        ({"/": page(b"", 403)}, "127.0.0.1 gives it to nobody without signing in (403)."),
        ({"/": page(b"", 404)}, "There is nothing at that address of 127.0.0.1 (404)."),
        ({"/": page(b"", 503)}, "127.0.0.1 has trouble of its own, or was asked too often (503)."),
        ({"/": page(b"", 204)}, "127.0.0.1 gave no calendar, but the answer 204."),
        ({"/": page(b"", 302)}, "127.0.0.1 gave no calendar, but the answer 302."),
        ({"/": page(b"", 304)}, "127.0.0.1 gave no calendar, but the answer 304."),
    ],
)
def test_answer_that_is_too_much_or_none_is_a_sentence(pages: dict[str, object], said: str) -> None:
    with web_server(pages) as server:  # type: ignore[arg-type]
        assert fault(PublicWeb(LOOPBACK), f"http://127.0.0.1:{server.port}/") == said


@pytest.mark.parametrize("head", [b"", HEAD, HEAD + b"\r\n"])
def test_server_that_drips_is_left_after_its_time(head: bytes) -> None:
    with web_server({"/": raw(head, *[b"x"] * 60, pause=0.1)}) as server:
        began = time.monotonic()
        said = fault(PublicWeb(LOOPBACK, seconds=0.5), f"http://127.0.0.1:{server.port}/")
        took = time.monotonic() - began

    assert said == "127.0.0.1 took too long to answer."
    assert took < 3


def test_look_up_that_takes_too_long_is_left_behind() -> None:
    def slow(host: str, port: int) -> Sequence[str]:
        time.sleep(2)
        return ["127.0.0.1"]

    began = time.monotonic()
    said = fault(PublicWeb(LOOPBACK, seconds=0.2, resolve=slow), "http://slow.example/")

    assert said == "It took too long to find out where slow.example is."
    assert time.monotonic() - began < 1.5


def test_name_that_nobody_knows_is_a_sentence() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such host")

    assert fault(PublicWeb(resolve=unknown), "http://nowhere.example/") == "Nobody knows where nowhere.example is."


def test_server_that_is_down_is_a_sentence() -> None:
    with web_server({}) as server:
        port = server.port

    assert fault(PublicWeb(LOOPBACK), f"http://127.0.0.1:{port}/") == BROKEN


def test_fault_never_holds_the_rest_of_an_address_which_may_be_a_secret() -> None:
    with web_server({"/s3cret": page(b"", 302, Location="http://10.0.0.1/s3cret2")}) as server:
        assert "s3cret" not in fault(PublicWeb(LOOPBACK), f"http://127.0.0.1:{server.port}/s3cret")
