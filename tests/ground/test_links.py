"""Addresses: every one under CALLS_URL, every secret link for its own purpose only."""

from uuid import UUID

from calls.ground import links as purposes
from calls.ground.links import Links
from calls.ground.tokens import Keys

KEYS = Keys(b"the secret of the tests")
LINKS = Links("https://calls.example:8443/", KEYS)
THING = UUID("01931c3e-0000-7000-8000-0000000000aa")


def test_public_addresses_are_those_of_the_outside() -> None:
    assert LINKS.front() == "https://calls.example:8443/"
    assert LINKS.show("ask-tara") == "https://calls.example:8443/ask-tara"
    assert LINKS.call("ask-tara", "2026-11-24") == "https://calls.example:8443/ask-tara/2026-11-24"
    assert LINKS.public_feed("ask-tara") == "https://calls.example:8443/ask-tara/calendar.ics"
    assert LINKS.find() == "https://calls.example:8443/find"


def test_host_addresses_are_those_of_the_outside() -> None:
    assert LINKS.sign_in() == "https://calls.example:8443/sign-in"
    assert LINKS.sign_in("abc") == "https://calls.example:8443/sign-in/abc"
    assert LINKS.board() == "https://calls.example:8443/host"
    assert LINKS.host_call(THING) == f"https://calls.example:8443/host/calls/{THING}"


def test_domain_is_the_host_alone() -> None:
    assert LINKS.domain == "calls.example"


def test_secret_links_are_each_for_one_purpose() -> None:
    addresses = [
        LINKS.registration(THING), LINKS.passes(THING), LINKS.join(THING), LINKS.feed(THING), LINKS.unsubscribe(THING),
    ]  # fmt: skip
    wanted = [purposes.REGISTRATION, purposes.PASS, purposes.JOIN, purposes.FEED, purposes.UNSUBSCRIBE]
    tokens = [address.split("/")[4] for address in addresses]

    fitting = [[purpose for purpose in wanted if KEYS.fits(token, purpose, THING)] for token in tokens]

    assert fitting == [[purpose] for purpose in wanted]
    assert [address.split("/")[3] for address in addresses] == ["r", "r", "j", "feeds", "unsubscribe"]


def test_raising_the_generation_gives_another_link() -> None:
    assert LINKS.join(THING, 1) != LINKS.join(THING, 0)


def test_feed_bears_a_name_that_cannot_leave_its_place() -> None:
    token = KEYS.token(purposes.FEED, THING, 2)

    assert LINKS.feed(THING, 2, "Ask Tara/../x?") == f"https://calls.example:8443/feeds/{token}/Ask%20Tara%2F..%2Fx%3F.ics"


def test_addresses_here_have_no_host_and_the_same_tokens() -> None:
    assert LINKS.here.join(THING) == LINKS.join(THING).removeprefix("https://calls.example:8443")
    assert LINKS.here.front() == "/"
    assert LINKS.here.domain == "calls.example"
