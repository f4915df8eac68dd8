"""Secrets in links and cookies: make them, keep only their digest, know them again.

Two kinds. A *secret* is random, shown once and kept as a digest (sign-in links, sessions).
A *token* is worked out anew from the installation's secret, so that mails and pages can repeat
it without it being kept anywhere; raising the generation withdraws it.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from uuid import UUID

SECRET_BYTES = 20
ID_BYTES = 16
MARK_BYTES = 20
TOKEN_LENGTH = (ID_BYTES + MARK_BYTES) // 3 * 4
SIGNED_MARK_BYTES = 32
LONGEST_SIGNED = 4_000
LAST_GENERATION = 2**63 - 1


def secret() -> str:
    """A new random secret of 160 bits, in lower-case base32: it survives being read aloud."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii").lower()


def digest(token: str) -> str:
    """What is kept of a secret: its SHA-256 in hexadecimal. Junk has a digest too, known to nobody."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Keys:
    """Makes and checks every token and signed value of one installation."""

    __slots__ = ("_cookies", "_links")

    def __init__(self, secret: bytes) -> None:
        self._links = _derive(secret, b"links")
        self._cookies = _derive(secret, b"cookies")

    def token(self, purpose: str, id: UUID, generation: int = 0) -> str:
        """The token of one thing for one purpose: 48 characters, of which 160 bits are secret."""
        mark = self._mark(purpose, id, generation)
        return base64.urlsafe_b64encode(id.bytes + mark).decode("ascii")

    def fits(self, token: str, purpose: str, id: UUID, generation: int = 0) -> bool:
        """Whether this is the token of that thing, compared in constant time."""
        if not 0 <= generation <= LAST_GENERATION:
            return False
        raw = _plain(token)
        expected = id.bytes + self._mark(purpose, id, generation)
        return raw is not None and hmac.compare_digest(raw, expected)

    def sign(self, purpose: str, value: str, until: datetime) -> str:
        """A value that may lie in a cookie until then: readable by its bearer, changeable by nobody."""
        content = f"{int(until.timestamp())}.{value}".encode()
        return _encoded(self._seal(purpose, content) + content)

    def read(self, purpose: str, signed: str, now: datetime) -> str | None:
        """What was signed for this purpose, unless it was changed or its time has passed."""
        raw = _decoded(signed) if len(signed) <= LONGEST_SIGNED else None
        if raw is None:
            return None
        seal, content = raw[:SIGNED_MARK_BYTES], raw[SIGNED_MARK_BYTES:]
        if not hmac.compare_digest(seal, self._seal(purpose, content)):
            return None
        until, _, value = content.decode().partition(".")
        return value if now < datetime.fromtimestamp(int(until), UTC) else None

    def _mark(self, purpose: str, id: UUID, generation: int) -> bytes:
        message = purpose.encode() + b"\0" + id.bytes + generation.to_bytes(8, "big")
        return hmac.digest(self._links, message, "sha256")[:MARK_BYTES]

    def _seal(self, purpose: str, content: bytes) -> bytes:
        return hmac.digest(self._cookies, purpose.encode() + b"\0" + content, "sha256")


def id_in(token: str) -> UUID | None:
    """The id that a token speaks of, still to be proved by `Keys.fits`; None for junk."""
    raw = _plain(token)
    return None if raw is None else UUID(bytes=raw[:ID_BYTES])


def _plain(token: str) -> bytes | None:
    """The 36 bytes of a token. 48 characters carry exactly 36 bytes, so each has one spelling."""
    return _decoded(token) if len(token) == TOKEN_LENGTH else None


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes | None:
    """Bytes from URL-safe base64 in its one right spelling; None for anything else."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _encoded(raw) == text else None


def _derive(secret: bytes, use: bytes) -> bytes:
    return hmac.digest(secret, b"calls/" + use, "sha256")
