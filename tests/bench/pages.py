"""The public page and the feed, kept and just changed, beside a bare Litestar handler of the same bytes; and their weight."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from tests.bench.processes import Server, bare, ours, sink
from tests.bench.table import Row, at_least, at_most
from tests.bench.turns import Effort, Round, closed, in_turns, measured, request
from tests.bench.worlds import DESCRIPTION, SLUG, World, world

CONNECTIONS = 16
AFTER_A_CHANGE = 10.0
PATHS = {"page": f"/{SLUG}", "feed": f"/{SLUG}/calendar.ics"}
SHOWN_TO_BARE = ("content-type", "content-encoding", "cache-control", "etag", "vary", "last-modified")


def measure(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """All figures of pages on one database."""
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder, registered=effort.count(1000)))
        mail = stack.enter_context(sink())
        own = stack.enter_context(ours(folder, place.address, mail=mail.port))
        own.rest()
        etags = {path: own.ask(path, accept_encoding="gzip").headers["etag"] for path in PATHS.values()}
        other = stack.enter_context(bare(folder, list(answers(own, etags))))
        for name, path in PATHS.items():
            yield kept(place, own, other, path, effort, f"public {name}, kept")
            yield unchanged(place, own, other, path, etags[path], effort, f"public {name}, 304")
        for name, path in PATHS.items():
            yield from _changed(place, own, other, path, effort, name)
        yield from _weight(place, own)


def answers(own: Server, etags: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What the bare handlers answer: the same bytes with the headers that say what they are."""
    for path, etag in etags.items():
        for place, match in ((path, ""), (f"/unchanged{path}", etag)):
            answered = own.ask(path, accept_encoding="gzip", if_none_match=match)
            headers = {name: answered.headers[name] for name in SHOWN_TO_BARE if name in answered.headers}
            yield {"path": place, "status": answered.status, "headers": headers, "body": answered.body.decode("latin-1")}


def kept(place: World, own: Server, other: Server, path: str, effort: Effort, what: str) -> Row:
    compared = in_turns(
        lambda: measured(own, closed([request(own, path)], CONNECTIONS, effort.seconds), 200),
        lambda: measured(other, closed([request(other, path)], CONNECTIONS, effort.seconds), 200),
        effort.rounds,
    )
    return at_least(what, place.kind, compared.pace, compared.other_pace, compared.ratio, 0.7, "/s")


def unchanged(place: World, own: Server, other: Server, path: str, etag: str, effort: Effort, what: str) -> Row:
    compared = in_turns(
        lambda: measured(own, closed([request(own, path, if_none_match=etag)], CONNECTIONS, effort.seconds), 304),
        lambda: measured(other, closed([request(other, f"/unchanged{path}")], CONNECTIONS, effort.seconds), 304),
        effort.rounds,
    )
    return at_least(what, place.kind, compared.pace, compared.other_pace, compared.ratio, 0.7, "/s")


def _changed(place: World, own: Server, other: Server, path: str, effort: Effort, name: str) -> Iterator[Row]:
    """The host changes the show's words, and at once the page is asked for by many."""
    firsts: list[float] = []
    seconds = AFTER_A_CHANGE if effort.many == 1 else effort.seconds

    def after_a_change() -> Round:
        _reword(place, own, f"{DESCRIPTION}{len(firsts)} changes.")
        round = measured(own, closed([request(own, path)], CONNECTIONS, seconds), 200)
        firsts.append(round.told["first_ms"])
        return round

    _reword(place, own, f"{DESCRIPTION}Warm.")
    compared = in_turns(
        after_a_change,
        lambda: measured(other, closed([request(other, path)], CONNECTIONS, seconds), 200),
        min(effort.rounds, 3),
    )
    words = f"public {name}, the ten seconds after a change"
    yield at_least(words, place.kind, compared.pace, compared.other_pace, compared.ratio, 0.7, "/s")
    yield Row(f"public {name}, first render after it", place.kind, f"{median(firsts):.0f} ms")


def _reword(place: World, own: Server, description: str) -> None:
    body = urlencode({"name": "Ask Tara", "description": description, "host_name": "Tara", "capacity": "100000"})
    kind = "application/x-www-form-urlencoded"
    path = f"/host/shows/{place.show_id}/words"
    answered = own.ask(path, "POST", body, cookie=f"calls={place.cookie}", content_type=kind, sec_fetch_site="same-origin")
    if answered.status != 303:
        raise RuntimeError(f"the host could not change the show: {answered.status}")


class Needed(HTMLParser):
    """What a browser fetches for a page, by address."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        address = facts.get("href") if tag == "link" and _is_fetched(facts.get("rel") or "") else facts.get("src")
        if address and not address.startswith("data:") and address not in self.addresses:
            self.addresses.append(address)


def _is_fetched(rel: str) -> bool:
    return bool({"stylesheet", "icon", "preload", "modulepreload", "manifest"} & set(rel.split()))


def _weight(place: World, own: Server) -> Iterator[Row]:
    """Bytes on the wire and requests for a first visit, and how many of them go elsewhere."""
    needed = Needed()
    needed.feed(own.ask(f"/{SLUG}").body.decode())
    foreign = [it for it in needed.addresses if not it.startswith("/") or it.startswith("//")]
    here = [own.ask(path, accept_encoding="gzip") for path in [f"/{SLUG}", *needed.addresses] if path not in foreign]
    if any(answered.status != 200 for answered in here):
        raise RuntimeError("the page names something that is not there")
    kilobytes = sum(len(answered.body) for answered in here) / 1000
    yield at_most("public page, bytes of a first visit", place.kind, kilobytes, 40, "{:.1f} kB")
    yield at_most("public page, requests of a first visit", place.kind, len(here) + len(foreign), 4, "{:.0f}")
    yield at_most("public page, requests to another host", place.kind, len(foreign), 0, "{:.0f}")
