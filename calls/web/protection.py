"""The security headers that stand on every answer, whatever it is and whoever made it."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from calls.web.answers import Header

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'none'; "
    "connect-src 'self'; form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
ONE_YEAR = 31_536_000


def content_policy(form_targets: Iterable[str] = ()) -> str:
    """The Content-Security-Policy: nothing inline, nothing from elsewhere.

    Chromium holds `form-action` against the redirect that follows a POST too, so a form that ends on another site
    (the web link of a call) needs that site's origin named here. What has no clean http(s) origin is left out.
    """
    origins = [origin for target in form_targets if (origin := _origin(target))]
    return CONTENT_POLICY.format(targets=" ".join(["'self'", *origins]))


def protection(is_https: bool) -> list[Header]:
    """The header lines for one installation. HSTS speaks for this host only, never for its siblings."""
    lines = {
        "content-security-policy": content_policy(),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": PERMISSIONS,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": "DENY",
    }
    if is_https:
        lines["strict-transport-security"] = f"max-age={ONE_YEAR}"
    return [(name.encode(), value.encode()) for name, value in lines.items()]


def protected(headers: list[Header], lines: list[Header]) -> list[Header]:
    """The headers of an answer with the protection added, its own word counting where it has one."""
    own = {name for name, _ in headers}
    return [*headers, *[line for line in lines if line[0] not in own]]


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host = host if ":" not in host else f"[{host}]"
        host.encode("ascii")
    except ValueError:
        return ""
    is_clean = all(letter.isalnum() or letter in ".-[]:" for letter in host)
    if parts.scheme not in {"http", "https"} or not host or not is_clean:
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
