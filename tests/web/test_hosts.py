"""Which hosts are ours, and where a request comes from: nothing a stranger writes into a header decides it."""

from ipaddress import ip_network

import pytest

from calls.web.hosts import Hosts, client, is_direct, is_loopback, network

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:aaaa::/48"))


@pytest.mark.parametrize("host", [b"calls.example", b"CALLS.example", b"calls.example:443"])
def test_own_host_is_known_in_each_spelling(host: bytes) -> None:
    assert Hosts("https://calls.example").knows(host)


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"evil.example",
        b"calls.example.",
        b"calls.example:80",
        b"calls.example.evil.example",
        b"xcalls.example",
        b".calls.example",
        b"calls.example@evil.example",
        b"calls.example:443:1",
        b"127.0.0.1",
        b"calls.example\xff",
        b"calls.example, evil.example",
    ],
)
def test_foreign_host_is_not_known(host: bytes) -> None:
    assert not Hosts("https://calls.example").knows(host)


def test_loopback_has_three_names_on_one_port() -> None:
    hosts = Hosts("http://localhost:8000")

    assert all(map(hosts.knows, [b"localhost:8000", b"127.0.0.1:8000", b"[::1]:8000"]))
    assert not any(map(hosts.knows, [b"localhost", b"127.0.0.1:8001", b"rebound.example:8000"]))


@pytest.mark.parametrize(
    ("origin", "is_own"),
    [
        (b"https://calls.example", True),
        (b"https://CALLS.example:443", True),
        (b"http://calls.example", False),
        (b"null", False),
        (b"https://calls.example.evil", False),
        (b"https://evil.example", False),
        (b"calls.example", False),
        (b"", False),
    ],
)
def test_own_origin_has_scheme_and_host(origin: bytes, is_own: bool) -> None:
    assert Hosts("https://calls.example").is_own_origin(origin) is is_own


@pytest.mark.parametrize(
    ("host", "is_number"),
    [
        (b"127.0.0.1:8000", True),
        (b"10.2.3.4", True),
        (b"[::1]:8000", True),
        (b"[2001:db8::1]", True),
        (b"localhost:8000", True),
        (b"calls.example", False),
        (b"127.0.0.1.evil.example", False),
        (b"", False),
        (b"\xff", False),
        (b"[::1", False),
    ],
)
def test_machine_is_named_by_number(host: bytes, is_number: bool) -> None:
    assert is_direct(host) is is_number


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.1.1.1", b"203.0.113.7", "203.0.113.7"),
        ("10.1.1.1", b"198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the left one anybody may have written
        ("10.1.1.1", b"203.0.113.7, 10.2.2.2, 10.3.3.3", "203.0.113.7"),
        ("10.1.1.1", b"203.0.113.7:4711", "203.0.113.7"),
        ("10.1.1.1", b"[2001:db8::7]:4711", "2001:db8::7"),
        ("10.1.1.1", b"2001:db8::7", "2001:db8::7"),
        ("10.1.1.1", b"::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:10.1.1.1", b"203.0.113.7", "203.0.113.7"),
        ("2001:db8:aaaa::1", b"203.0.113.7", "203.0.113.7"),
        ("10.1.1.1", b"", "10.1.1.1"),
        ("10.1.1.1", b"junk", "10.1.1.1"),
        ("10.1.1.1", b"203.0.113.7, junk", "10.1.1.1"),
        ("10.1.1.1", b"203.0.113.7, junk, 10.2.2.2", "10.2.2.2"),
        ("10.1.1.1", b"10.4.4.4, 10.2.2.2", "10.4.4.4"),
        ("10.1.1.1", b"1.1.1.1," * 100_000 + b"203.0.113.7", "203.0.113.7"),
        ("192.0.2.1", b"203.0.113.7", "192.0.2.1"),  # no proxy of ours
        ("testclient", b"203.0.113.7", "testclient"),
        ("", b"203.0.113.7", ""),
    ],
)
def test_client_is_the_nearest_that_is_no_proxy_of_ours(peer: str, forwarded: bytes, found: str) -> None:
    headers = [(b"x-forwarded-for", forwarded)] if forwarded else []

    assert client(peer, headers, PROXIES) == found


def test_forwarded_lines_count_in_their_order() -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-for", b"203.0.113.7")]

    assert client("10.1.1.1", headers, PROXIES) == "203.0.113.7"


def test_nobody_is_trusted_unless_named() -> None:
    assert client("127.0.0.1", [(b"x-forwarded-for", b"203.0.113.7")], ()) == "127.0.0.1"


@pytest.mark.parametrize("header", [b"x-forwarded-for", b"forwarded", b"x-real-ip"])
def test_request_through_a_proxy_is_not_from_this_machine(header: bytes) -> None:
    assert is_loopback("127.0.0.1", [])
    assert not is_loopback("127.0.0.1", [(header, b"203.0.113.7")])
    assert not is_loopback("203.0.113.7", [])
    assert not is_loopback("testclient", [])


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("junk", "junk"),
        ("", ""),
    ],
)
def test_network_is_what_one_household_or_office_has(address: str, found: str) -> None:
    assert network(address) == found
