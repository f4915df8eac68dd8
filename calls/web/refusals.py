"""How the house's refusals, and our own failures, look to somebody in a browser. Status codes are chosen here."""

import logging
from dataclasses import replace
from math import ceil
from typing import Any, cast

from litestar import Request, Response
from litestar.exceptions import HTTPException

from calls.ground.database import cause
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refusal
from calls.web.answers import Answer
from calls.web.asgi import Scope
from calls.web.asking import Ask
from calls.web.limits import TooMany
from calls.web.pages import page, redirect

logger = logging.getLogger("calls.web")

STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Invalid, 422),
    (TooMany, 429),
    (Refusal, 409),
)
RETRY_AFTER = "10"


class SignInFirst(Refusal):
    """Nobody is signed in. `address` is the sign-in page, which knows where to go afterwards."""

    def __init__(self, address: str) -> None:
        super().__init__("Sign in first.")
        self.address = address


def status_of(refusal: Refusal) -> int:
    return next(status for kind, status in STATUSES if isinstance(refusal, kind))


def refused(ask: Ask, refusal: Refusal) -> Answer:
    """A refusal that no page function has answered itself."""
    if isinstance(refusal, SignInFirst):
        return redirect(refusal.address)
    status = status_of(refusal)
    if status == 404:
        ask.house.kept.forget(ask.path)
        return not_found(ask, refusal.sentence)
    sentences = list(refusal.errors.values()) if isinstance(refusal, Invalid) else [refusal.sentence]
    answer = page(ask, "errors/refused.html", status, private=True, sentences=sentences)
    if isinstance(refusal, TooMany):
        return answer.with_header("retry-after", str(ceil(refusal.wait.total_seconds())))
    return answer


def not_found(ask: Ask, sentence: str) -> Answer:
    return page(ask, "errors/not_found.html", 404, private=True, sentence=sentence)


def busy(ask: Ask, trouble: Exception) -> Answer:
    """The database cannot be asked: the last good answer where there is one, and what was typed is never lost."""
    logger.error("the database is in trouble: %s (request %s)", cause(trouble), ask.number)
    last_good = ask.house.kept.stale(ask.path) if ask.method in {"GET", "HEAD"} and not ask.has_query else None
    if last_good is not None:
        return replace(last_good.answer, prepared=last_good)
    typed = ask.form.fields() if ask.method == "POST" else []
    shown = [(name, value) for name, value in typed if value.strip()]
    answer = page(ask, "errors/busy.html", 503, private=True, is_form=ask.method == "POST", typed=typed, shown=shown)
    return answer.with_header("retry-after", RETRY_AFTER)


def broken(ask: Ask, failure: Exception) -> Answer:
    """Our own fault: logged with the request's number, which the page names too."""
    logger.error("request %s %s %s failed", ask.number, ask.method, ask.route, exc_info=failure)
    return page(ask, "errors/broken.html", 500, private=True, number=ask.number)


def from_litestar(request: Request[Any, Any, Any], fault: HTTPException) -> Response[bytes]:
    """What Litestar refuses itself: an address that is none (404), a method that the address does not take (405)."""
    ask = _ask(request)
    if fault.status_code >= 500:
        return _response(broken(ask, fault))
    if fault.status_code == 404:
        return _response(not_found(ask, "There is no page at this address."))
    sentence = "This address does not take that." if fault.status_code == 405 else "That cannot be understood."
    answer = page(ask, "errors/refused.html", fault.status_code, private=True, sentences=[sentence])
    allow = next((value for name, value in (fault.headers or {}).items() if name.lower() == "allow"), "")
    return _response(answer.with_header("allow", allow) if allow else answer)


def from_failure(request: Request[Any, Any, Any], failure: Exception) -> Response[bytes]:
    """Whatever no page function has foreseen."""
    return _response(broken(_ask(request), failure))


def _ask(request: Request[Any, Any, Any]) -> Ask:
    return Ask(request.app.state.house, cast(Scope, request.scope))


def _response(answer: Answer) -> Response[bytes]:
    headers = {name: value for name, value in answer.lines() if name != "content-type"}
    media_type, _, _ = answer.content_type.partition(";")  # Litestar names the charset of a text itself
    return Response(answer.body, status_code=answer.status, media_type=media_type, headers=headers)
