"""Cookies of ours: never readable by scripts, never sent along from other sites' forms, never for another host."""

from dataclasses import replace
from datetime import timedelta

from calls.web.answers import Answer
from calls.web.asking import SECURE_PREFIX, Ask

SET_COOKIE = "set-cookie"


def with_cookie(ask: Ask, answer: Answer, name: str, value: str, lasts: timedelta | None = None) -> Answer:
    """The answer with a cookie set; without `lasts` it ends with the browser. Such an answer is stored nowhere.

    `__Host-` and Secure on https; on http, which only loopback may be, browsers would refuse both.
    """
    full_name = f"{SECURE_PREFIX}{name}" if ask.house.is_https else name
    parts = [f"{full_name}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if lasts is not None:
        parts.append(f"Max-Age={int(lasts.total_seconds())}")
    if ask.house.is_https:
        parts.append("Secure")
    return replace(answer, cache_control="no-store", headers=(*answer.headers, (SET_COOKIE, "; ".join(parts))), prepared=None)


def without_cookie(ask: Ask, answer: Answer, name: str) -> Answer:
    """The answer with a cookie taken back."""
    return with_cookie(ask, answer, name, "", timedelta())
