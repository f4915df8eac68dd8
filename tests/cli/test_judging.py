"""`calls check-url` judges an address by the rule alone."""

import pytest

from tests.cli.conftest import Operator


def test_public_name_is_allowed_without_asking_anybody(operator: Operator) -> None:
    done = operator.run("check-url", "https://calendar.example/busy.ics")

    assert (done.exit_code, done.output) == (0, "allow: calendar.example is a name of the public internet, port 443.\n")


def test_public_address_is_allowed(operator: Operator) -> None:
    done = operator.run("check-url", "http://8.8.8.8/", "--resolve")

    assert (done.exit_code, done.output) == (0, "allow: 8.8.8.8, port 80, is at 8.8.8.8.\n")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1/", "deny: 127.0.0.1 is this machine, and no place of the public internet.\n"),
        ("http://10.0.0.1/", "deny: 10.0.0.1 is a private network, and no place of the public internet.\n"),
        ("https://a.example:8080/", "deny: Only the ports 80 and 443 are asked, and not 8080.\n"),
        ("file:///etc/passwd", "deny: Only addresses that begin with https://, http:// or webcal:// are fetched.\n"),
    ],
)
def test_any_other_is_denied_with_the_reason(operator: Operator, url: str, said: str) -> None:
    done = operator.run("check-url", url)

    assert (done.exit_code, done.output) == (1, said)


def test_name_that_stands_for_this_machine_is_denied_once_it_is_looked_up(operator: Operator) -> None:
    """Of all names of this kind the one that needs nobody's answer."""
    done = operator.run("check-url", "--resolve", "http://localhost/")

    assert done.exit_code == 1
    assert done.output.startswith("deny: localhost ")
