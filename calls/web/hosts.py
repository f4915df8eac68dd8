"""Which hosts this installation answers to, and from where a request really comes.

Everything hangs on `CALLS_URL`: scheme and host of every address are taken from it, never from a request, so neither
Host nor X-Forwarded-Host nor X-Forwarded-Proto can put a foreign address into a mail.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from calls.web.answers import Header

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
MOST_HOPS = 20
FORWARDED = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip"})


class Hosts:
    """The spellings of the one public host; on loopback all three names of this machine."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        name = (parts.hostname or "").lower()
        name = f"[{name}]" if ":" in name else name
        names = LOOPBACK_NAMES if name in LOOPBACK_NAMES else (name,)
        default = DEFAULT_PORTS[parts.scheme]
        port = parts.port or default
        spellings = {f"{name}:{port}" for name in names} | ({*names} if port == default else set())
        self.is_https = parts.scheme == "https"
        self.known = frozenset(spelling.encode() for spelling in spellings)
        self.origins = frozenset(f"{parts.scheme}://{spelling}".encode() for spelling in spellings)

    def knows(self, host: bytes) -> bool:
        return host in self.known or host.lower() in self.known

    def is_own_origin(self, origin: bytes) -> bool:
        return origin.lower() in self.origins


def is_direct(host: bytes) -> bool:
    """Whether a Host header names a machine by its number: so do health checks, and no foreign page can (rebinding)."""
    text = host.decode("latin-1").lower()
    name = text.rpartition(":")[0] if ":" in text and not text.endswith("]") else text
    return name == "localhost" or _address(name) is not None


def is_loopback(peer: str, headers: Iterable[Header]) -> bool:
    """Whether the asker sits on this machine itself, rather than behind a proxy that does."""
    address = _address(peer)
    return address is not None and address.is_loopback and not any(name in FORWARDED for name, _ in headers)


def client(peer: str, headers: Iterable[Header], trusted: Sequence[Network]) -> str:
    """The address that a request comes from.

    X-Forwarded-For counts only when a trusted proxy sent it, and only from the right up to the first address that is
    no trusted proxy: what stands further left anybody may have written.
    """
    nearest = _address(peer) if trusted else None
    if nearest is None or not _is_trusted(nearest, trusted):
        return peer
    hops = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")
    for hop in reversed(hops.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
        address = _address(_without_port(hop.strip()))
        if address is None:
            break
        nearest = address
        if not _is_trusted(nearest, trusted):
            break
    return str(nearest)


def network(address: str) -> str:
    """The network an address belongs to, as limits count it: /24 for IPv4, /64 for IPv6."""
    known = _address(address)
    if known is None:
        return address
    length = 24 if isinstance(known, IPv4Address) else 64
    rest = known.max_prefixlen - length
    return f"{type(known)(int(known) >> rest << rest)}/{length}"


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(maxsize=256)
def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
