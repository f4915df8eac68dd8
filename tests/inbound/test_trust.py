"""Whose word on a sender is believed: our own mail server's, at the top, and nobody else's."""

import pytest

from calls.inbound.mime import opened
from calls.inbound.trust import sender
from tests.inbound.mails import ANN, AUTHSERV, PASSED, google, mail, reply


def is_authentic(*results: str, from_: str = ANN, more: str = "", authserv: str = AUTHSERV) -> bool:
    raw = mail(reply(), sender=from_, results=results, more=more)
    return sender(opened(raw), authserv).is_authentic


def test_sender_is_authentic_when_our_server_says_so() -> None:
    assert is_authentic(PASSED)


def test_nobody_is_authentic_without_the_setting() -> None:
    assert not is_authentic(PASSED, authserv="")
    assert not is_authentic("; dmarc=pass header.from=example.com", authserv="")


@pytest.mark.parametrize(
    "results",
    [
        (),
        ("mx.other.example; dmarc=pass header.from=example.com",),
        (f"{AUTHSERV}.evil.example; dmarc=pass header.from=example.com",),
        (f"{AUTHSERV}; dmarc=fail header.from=example.com",),
        (f"{AUTHSERV}; dmarc=pass header.from=evil.example",),
        (f"{AUTHSERV}; dmarc=pass",),
        (f"{AUTHSERV}; dkim=pass header.d=example.com; spf=pass smtp.mailfrom=ann@example.com",),
        (f"{AUTHSERV}; none",),
        (f"{AUTHSERV}; spf=fail (dmarc=pass header.from=example.com)",),
        (f'{AUTHSERV}; spf=fail smtp.mailfrom="x; dmarc=pass header.from=example.com"',),
        (f"{AUTHSERV}; spf=fail reason=dmarc=pass header.from=example.com",),
        (f"{AUTHSERV}; dmarc=fail header.from=example.com", PASSED),
    ],
)
def test_sender_is_not_authentic_by(results: tuple[str, ...]) -> None:
    assert not is_authentic(*results)


def test_word_of_our_server_may_be_spread_over_headers() -> None:
    second = f"{AUTHSERV.upper()} 1;\n dmarc=pass (p=none\n dis=none) header.from=Example.COM"

    assert is_authentic(f"{AUTHSERV}; spf=pass", second)


def test_word_below_another_servers_mark_is_not_believed() -> None:
    forged = f"Received: from a by b\nAuthentication-Results: {PASSED}"

    assert not is_authentic(f"{AUTHSERV}; spf=pass", more=forged)


@pytest.mark.parametrize(
    "from_",
    [f"{ANN}, bob@evil.example", "nobody", "", f"{ANN} <bob@evil.example>", f"{ANN}\nFrom: bob@evil.example"],
)
def test_sender_who_is_not_one_is_not_authentic(from_: str) -> None:
    assert not is_authentic(PASSED, from_=from_)


def test_google_calendar_is_vouched_for_by_googles_signature_alone() -> None:
    found = sender(opened(google(by_itself=True)), AUTHSERV)
    forged = google(by_itself=True).replace(b"header.d=google.com header.i=@google.com", b"header.d=evil.example")

    assert (found.is_authentic, found.replies_to) == (True, (ANN,))
    assert not sender(opened(forged), AUTHSERV).is_authentic
    assert not is_authentic(f"{AUTHSERV}; dkim=pass header.d=google.com", from_=ANN)


def test_address_in_punycode_is_known_as_it_is_read_too() -> None:
    found = sender(opened(mail(reply(), sender="Jörg <JORG@xn--bcher-kva.example>")), AUTHSERV)

    assert found.addresses == {"jorg@xn--bcher-kva.example", "jorg@bücher.example"}
