"""Which addresses of the web may be asked for something on behalf of those who type them: public ones, and no other.

Whoever may name an address could otherwise have this machine look into networks that only it can reach. The rule stands on the
address alone: names are read here, and each address that a name stands for is judged when it is known, every time anew.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urlsplit

import idna

from calls.ground.refusals import Refused

Ip = IPv4Address | IPv6Address

LONGEST = 2000
PORTS = {"http": 80, "https": 443}
SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NO_ADDRESS = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff\\\\]")
# Names that stand for something of one's own network (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what routers give out).
_OWN_NAMES = ("localhost", "local", "internal", "intranet", "private", "lan", "home", "corp", "home.arpa", "onion", "alt")

# What is not a place of the public internet, by the IANA registries of special-purpose addresses.
_NETWORKS_4 = (
    ("0.0.0.0/8", "this machine"),
    ("10.0.0.0/8", "a private network"),
    ("100.64.0.0/10", "a provider's own network"),
    ("127.0.0.0/8", "this machine"),
    ("168.63.129.16/32", "a data centre's own service"),
    ("169.254.0.0/16", "the network next to this machine"),
    ("172.16.0.0/12", "a private network"),
    ("192.0.0.0/24", "a reserved network"),
    ("192.0.2.0/24", "a network for examples"),
    ("192.88.99.0/24", "a way between IPv4 and IPv6"),
    ("192.168.0.0/16", "a private network"),
    ("198.18.0.0/15", "a network for measuring"),
    ("198.51.100.0/24", "a network for examples"),
    ("203.0.113.0/24", "a network for examples"),
    ("224.0.0.0/4", "many machines at once"),
    ("240.0.0.0/4", "a reserved network"),
)
_NETWORKS_6 = (
    ("::/128", "this machine"),
    ("::1/128", "this machine"),
    ("::ffff:0:0/96", "an IPv4 address in disguise"),
    ("::/96", "an IPv4 address in disguise"),
    ("64:ff9b::/96", "an IPv4 address in disguise"),
    ("64:ff9b:1::/48", "an IPv4 address in disguise"),
    ("2001::/23", "a reserved network"),
    ("2001:db8::/32", "a network for examples"),
    ("2002::/16", "an IPv4 address in disguise"),
    ("3fff::/20", "a network for examples"),
    ("fc00::/7", "a private network"),
    ("fe80::/10", "the network next to this machine"),
    ("fec0::/10", "a private network"),
    ("ff00::/8", "many machines at once"),
)
_SPECIAL_4 = tuple((IPv4Network(network), what) for network, what in _NETWORKS_4)
_SPECIAL_6 = tuple((IPv6Network(network), what) for network, what in _NETWORKS_6)
_GIVEN_OUT = IPv6Network("2000::/3")  # all of IPv6 that is given out to anybody (RFC 4291 2.4)
_ISATAP = (0x00005EFE, 0x02005EFE)  # an IPv4 address stands behind these (RFC 5214 6.1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads: a scheme, a host in small ASCII letters, a port, and what is asked of it there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def ip(self) -> Ip | None:
        """The host as an address, where it is no name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address and in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be asked. `takes_loopback` lets this very machine be asked too, at any port: for tests with their own server."""

    takes_loopback: bool = False

    def place(self, url: str) -> Place:
        """Where an address leads, judged as far as it can be without looking its name up. Raises Refused with the reason."""
        parts = _split(url.strip())
        scheme = SCHEMES.get(parts.scheme)
        if scheme is None:
            raise Refused("Only addresses that begin with https://, http:// or webcal:// are fetched.")
        if parts.username is not None or parts.password is not None:
            raise Refused("An address with a name or a password in it is not fetched.")
        place = Place(scheme, _host(parts.hostname or ""), _port(parts) or PORTS[scheme], _target(parts))
        self._check_host(place)
        if place.port not in PORTS.values() and not self.takes_loopback:
            raise Refused(f"Only the ports 80 and 443 are asked, and not {place.port}.")
        return place

    def check(self, ip: Ip) -> None:
        """Judge one address. Raises Refused with the reason."""
        if self.takes_loopback and ip.is_loopback:
            return
        what = _special(ip)
        if what:
            raise Refused(f"{ip} is {what}, and no place of the public internet.")

    def _check_host(self, place: Place) -> None:
        ip, host = place.ip, place.host
        if ip:
            self.check(ip)
        elif host.rpartition(".")[2].isdigit() or re.fullmatch("0x[0-9a-f]*", host.rpartition(".")[2]):
            raise Refused(f"{host} is neither a name nor an address written in the usual way.")
        elif self.takes_loopback and host == "localhost":
            return
        elif "." not in host or host.endswith(tuple(f".{it}" for it in _OWN_NAMES)):
            raise Refused(f"{host} is a name of one's own machine or network, and no place of the public internet.")


PUBLIC = Rule()


def _special(ip: Ip) -> str:
    """What an address that is no place of the public internet is instead; "" for a public one."""
    if isinstance(ip, IPv4Address):
        return next((what for network, what in _SPECIAL_4 if ip in network), "")
    if ip.scope_id:
        return "the network next to this machine"
    known = next((what for network, what in _SPECIAL_6 if ip in network), "")
    if known or ip not in _GIVEN_OUT:
        return known or "a reserved network"
    return "an IPv4 address in disguise" if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP else ""


def _split(url: str) -> SplitResult:
    if not url:
        raise Refused("Give an address, like https://calendar.example.com/busy.ics.")
    if len(url) > LONGEST:
        raise Refused(f"An address has at most {LONGEST:,} characters.")
    if _NO_ADDRESS.search(url):
        raise Refused("An address has no blanks, line ends or backslashes in it.")
    try:
        return urlsplit(url)
    except ValueError:
        raise Refused("That is no address of the web.") from None


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        raise Refused("The port in that address is no port.") from None
    if port == 0:
        raise Refused("The port in that address is no port.")
    return port


def _host(host: str) -> str:
    """The host as it is looked up: an address as it is, a name in Punycode, both without the dot of the root."""
    if ":" in host:
        return _ipv6(host)
    name = host.lower().removesuffix(".")
    try:
        name = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii").lower()
    except UnicodeError:
        raise Refused("There is no such name of a host.") from None
    if not _NAME.fullmatch(name):
        raise Refused("There is no such name of a host.")
    return name


def _ipv6(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        raise Refused("There is no such name of a host.") from None


def _target(parts: SplitResult) -> str:
    """Path and query, with whatever is no plain letter written as bytes; the fragment is nobody else's business."""
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return f"{quote(parts.path, safe=_KEPT) or '/'}{query}"


_KEPT = "/%:@!$&'()*+,;=~?-._[]"
