"""What operators ask: alive, ready, figures; the figures not for everybody."""

import pytest

from tests.web.little import a_house, little

NOWHERE = "sqlite:////nonexistent/folder/calls.sqlite3"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.1.2.3:8000", "localhost", "[::1]:8000"])
def test_health_is_told_to_whoever_names_the_machine(host: str) -> None:
    with little(house=a_house("https://calls.example")) as web:
        answers = [web.browser.get(f"/health/{name}", headers={"host": host}) for name in ("live", "ready")]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "alive\n"), (200, "ready\n")]


def test_foreign_name_is_told_nothing() -> None:
    with little() as web:
        assert web.browser.get("/health/live", headers={"host": "rebound.example"}).status_code == 421


def test_process_is_alive_but_not_ready_without_its_database() -> None:
    with little(house=a_house(database=NOWHERE)) as web:
        live, ready = web.browser.get("/health/live"), web.browser.get("/health/ready")

    assert live.status_code == 200
    assert (ready.status_code, ready.text) == (503, "The database does not answer.\n")


def test_process_is_not_ready_while_something_is_missing() -> None:
    with little(lacks=lambda: "The database is not migrated.") as web:
        answer = web.browser.get("/health/ready")

    assert (answer.status_code, answer.text) == (503, "The database is not migrated.\n")


def test_figures_are_told_to_this_machine() -> None:
    with little(peer="127.0.0.1") as web:
        web.browser.get("/health/live")
        answer = web.browser.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'calls_request_seconds_count{method="GET",route="/health/live",status="200"} 1.0' in answer.text.splitlines()


@pytest.mark.parametrize("peer", ["203.0.113.7", "10.0.0.1", ""])
def test_figures_are_hidden_from_other_machines(peer: str) -> None:
    with little(peer=peer) as web:
        assert web.browser.get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-real-ip", "forwarded"])
def test_figures_are_hidden_from_whoever_comes_through_a_proxy_on_this_machine(header: str) -> None:
    with little(peer="127.0.0.1") as web:
        assert web.browser.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (b"Bearer a token of some length", 200),
        (b"bearer a token of some length", 404),
        (b"Bearer a token", 404),
        (b"Bearer ", 404),
        (b"", 404),
        ("Bearer größe".encode(), 404),
        (b"Bearer \xff", 404),
    ],
)
def test_token_opens_the_figures_from_anywhere_and_is_then_the_only_way(shown: bytes, status: int) -> None:
    with little(token="a token of some length", peer="127.0.0.1") as web:
        answer = web.browser.get("/metrics", headers={b"authorization": shown})

    assert answer.status_code == status
