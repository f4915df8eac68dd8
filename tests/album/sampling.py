"""What a sample is, and how its address is found on the stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from tests.album.stage import Scene

Visitor = Literal["anybody", "owner", "leader", "newcomer"]
Form = Mapping[str, str | list[str]]
NO_FORM: Form = {}


@dataclass(frozen=True)
class Sample:
    """`route` is the address as the application knows it; a form is sent there; `later` sets the clock on from the stage's."""

    name: str
    route: str
    path: Callable[[Scene], str]
    visitor: Visitor = "anybody"
    status: int = 200
    form: Form = field(default_factory=dict)
    later: timedelta = timedelta(0)
    times: int = 1


def at(path: str) -> Callable[[Scene], str]:
    return lambda _: path


def link(name: str, more: str = "") -> Callable[[Scene], str]:
    """Behind one of the people's own links."""
    return lambda scene: scene.here[name] + more


def show(more: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/host/shows/{scene.show}{more}"


def call(number: int, more: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/host/calls/{scene.calls[number]}{more}"


def message(state: str) -> Callable[[Scene], str]:
    return lambda scene: f"/host/outbox/{scene.messages[state]}"


def guest(name: str, more: str = "") -> Callable[[Scene], str]:
    """The host's page about somebody on the bench."""
    return lambda scene: f"/host/guests/{scene.bench[name]}{more}"


def public(number: int) -> Callable[[Scene], str]:
    return lambda scene: f"/ask-tara/{scene.addresses[number]}"
