"""Which addresses may be asked for something: the public ones, however the others are written."""

from ipaddress import ip_address

import pytest

from calls.ground.public_addresses import PUBLIC, Rule
from calls.ground.refusals import Refused

ALLOWED = {
    "https://calendar.example.com/busy.ics": "https://calendar.example.com/busy.ics",
    "http://calendar.example.com": "http://calendar.example.com/",
    "webcal://calendar.example.com/busy.ics": "https://calendar.example.com/busy.ics",
    " https://calendar.example.com:443/a?b=c#d ": "https://calendar.example.com/a?b=c",
    "http://calendar.example.com:443/": "http://calendar.example.com:443/",
    "https://CALENDAR.example.com./": "https://calendar.example.com/",
    "https://bücher.example/ü?ö=%20": "https://xn--bcher-kva.example/%C3%BC?%C3%B6=%20",
    "https://8.8.8.8/": "https://8.8.8.8/",
    "https://[2606:4700:4700::1111]/": "https://[2606:4700:4700::1111]/",
}
DENIED = (
    "",
    "calendar.example.com/busy.ics",
    "//calendar.example.com/",
    "file:///etc/passwd",
    "ftp://calendar.example.com/",
    "gopher://calendar.example.com/",
    "javascript:alert(1)",
    "https://",
    "https:///path",
    "https://[::1",
    "https://a..example.com/",
    "https://-a.example.com/",
    "https://calendar.example.com:99999/",
    "https://calendar.example.com:0/",
    "https://calendar.example.com:22/",
    "https://calendar.example.com:8443/",
    "https://tara@calendar.example.com/",
    "https://tara:secret@calendar.example.com/",
    "https://@calendar.example.com/",
    "https://calendar.example.com\\@127.0.0.1/",
    "https://calendar.example.com/a b",
    "https://calendar.example.com/\r\nHost: x",
    "https://calendar.example.com/\u2028x",
    f"https://calendar.example.com/{'x' * 2000}",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://intranet/",
    "http://printer.local/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://router.home.arpa/",
    "http://abc.onion/",
    "http://127.0.0.1/",
    "http://127.0.0.1#@example.com/",
    "http://example.com@127.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[fe80::1%25eth0]/",
)
SPECIAL = (
    "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
    "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1",
)  # fmt: skip


@pytest.mark.parametrize("url", ALLOWED)
def test_public_address_is_allowed_and_written_in_one_way(url: str) -> None:
    assert PUBLIC.place(url).url == ALLOWED[url]


@pytest.mark.parametrize("url", DENIED)
def test_any_other_address_is_denied_with_a_reason(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        PUBLIC.place(url)

    assert refusal.value.sentence.endswith(".")
    assert "secret" not in refusal.value.sentence


@pytest.mark.parametrize("ip", SPECIAL)
def test_special_address_is_denied_whether_it_is_written_or_looked_up(ip: str) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    with pytest.raises(Refused):
        PUBLIC.check(ip_address(ip))
    with pytest.raises(Refused):
        PUBLIC.place(f"https://{host}/")


@pytest.mark.parametrize("ip", ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2a00:1450::1", "2606:4700::1"])
def test_neighbour_of_a_special_network_is_public(ip: str) -> None:
    PUBLIC.check(ip_address(ip))


def test_rule_of_tests_takes_this_machine_at_any_port_and_nothing_else() -> None:
    rule = Rule(takes_loopback=True)

    assert rule.place("http://127.0.0.1:8123/a").url == "http://127.0.0.1:8123/a"
    assert rule.place("http://localhost:8123/").host == "localhost"
    for url in ("http://10.0.0.1:8123/", "http://169.254.169.254/", "http://printer.local/"):
        with pytest.raises(Refused):
            rule.place(url)
