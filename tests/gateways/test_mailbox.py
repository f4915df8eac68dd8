"""A mailbox is read from a real Dovecot: each mail once, marked as seen and otherwise left as it is."""

import threading
import time
from collections.abc import Iterator

import pytest

from calls.gateways.mailbox import ImapMailbox, MailboxAway, address_of
from tests.gateways.busy_imap import MAIL, busy_server
from tests.gateways.dovecot import PASSWORD, Dovecot, dovecot
from tests.gateways.mail_servers import free_port

pytestmark = pytest.mark.xdist_group("dovecot")
FIRST, SECOND = b"Subject: one\r\n\r\nHello\r\n", b"Subject: two\r\n\r\nHello\r\n"


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Iterator[Dovecot]:
    """The server with an empty mailbox."""
    with running.client() as client:
        client.select("INBOX")
        client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()
    yield running


@pytest.fixture
def mailbox(server: Dovecot) -> Iterator[ImapMailbox]:
    mailbox = ImapMailbox(address_of(server.url))
    yield mailbox
    mailbox.close()


def taken(mailbox: ImapMailbox) -> list[bytes]:
    """All that one reading hands out."""
    found: list[bytes] = []

    def take(raw: bytes, is_whole: bool) -> bool:
        assert is_whole
        found.append(raw)
        return True

    assert mailbox.read(take)
    return found


def test_unseen_mail_is_read_once_and_marked_as_seen(server: Dovecot, mailbox: ImapMailbox) -> None:
    server.deliver(FIRST, SECOND)

    first, second = taken(mailbox), taken(mailbox)

    assert (first, second) == ([FIRST, SECOND], [])
    assert server.seen() == [True, True]


def test_mail_that_was_not_taken_stays_unseen_and_comes_again(server: Dovecot, mailbox: ImapMailbox) -> None:
    server.deliver(FIRST, SECOND)

    is_done = mailbox.read(lambda raw, _: raw == FIRST)

    assert not is_done
    assert server.seen() == [True, False]
    assert taken(mailbox) == [SECOND]


def test_mail_that_is_too_big_hands_out_its_headers(server: Dovecot, mailbox: ImapMailbox) -> None:
    server.deliver(b"Subject: big\r\n\r\n" + b"x" * 70 * 80_000)
    found: list[tuple[bytes, bool]] = []

    def take(raw: bytes, is_whole: bool) -> bool:
        found.append((raw, is_whole))
        return True

    mailbox.read(take)

    assert found == [(b"Subject: big\r\n\r\n", False)]
    assert server.seen() == [True]


def test_empty_mail_is_a_mail(server: Dovecot, mailbox: ImapMailbox) -> None:
    server.deliver(b"\r\n")

    assert taken(mailbox) == [b"\r\n"]


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_waiting_ends_when_mail_comes(server: Dovecot, is_encrypted: bool) -> None:
    mailbox = ImapMailbox(address_of(server.tls_url if is_encrypted else server.url))
    taken(mailbox)
    threading.Timer(1.0, server.deliver, [FIRST]).start()
    began = time.monotonic()

    mailbox.wait(threading.Event())

    assert time.monotonic() - began < 10
    assert taken(mailbox) == [FIRST]
    mailbox.close()


def test_mail_that_came_while_others_were_taken_is_not_waited_for(server: Dovecot, mailbox: ImapMailbox) -> None:
    server.deliver(FIRST)

    def take(_: bytes, __: bool) -> bool:
        server.deliver(SECOND)
        return True

    mailbox.read(take)
    began = time.monotonic()
    mailbox.wait(threading.Event())

    assert time.monotonic() - began < 10
    assert taken(mailbox) == [SECOND]


def test_waiting_ends_soon_after_it_is_told_to(mailbox: ImapMailbox) -> None:
    stop = threading.Event()
    taken(mailbox)
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()

    mailbox.wait(stop)

    assert time.monotonic() - began < 5


def test_mail_that_the_server_does_not_hand_out_at_first_is_read_the_next_time() -> None:
    with busy_server(times=2) as server:
        mailbox = ImapMailbox(address_of(server.url))

        rounds = [taken(mailbox) for _ in range(4)]

        assert (rounds, server.is_seen) == ([[], [], [MAIL], []], True)
        mailbox.close()


def test_server_that_cannot_idle_is_looked_at_again_and_again() -> None:
    with dovecot(capability="IMAP4rev1 LITERAL+ UIDPLUS") as server:
        mailbox = ImapMailbox(address_of(server.url), looking=0.2)
        taken(mailbox)
        server.deliver(FIRST)

        mailbox.wait(threading.Event())

        assert taken(mailbox) == [FIRST]
        mailbox.close()


def test_server_that_goes_away_is_away_until_it_comes_back(server: Dovecot, mailbox: ImapMailbox) -> None:
    taken(mailbox)
    server.stop()
    with pytest.raises(MailboxAway):
        mailbox.wait(threading.Event())
    with pytest.raises(MailboxAway):
        taken(mailbox)

    server.start()
    server.deliver(FIRST)

    assert taken(mailbox) == [FIRST]


def test_server_that_goes_away_while_it_is_waited_for_is_away(server: Dovecot, mailbox: ImapMailbox) -> None:
    taken(mailbox)
    going = threading.Timer(1.0, server.stop)
    going.start()

    with pytest.raises(MailboxAway):
        mailbox.wait(threading.Event())

    going.join()
    server.start()


def test_wrong_password_is_said_without_it(server: Dovecot) -> None:
    mailbox = ImapMailbox(address_of(server.url.replace("w%C3%B6rd", "hush")))

    with pytest.raises(MailboxAway) as away:
        mailbox.probe()

    assert "hush" not in str(away.value)
    assert "Authentication failed" in str(away.value)


def test_folder_that_is_not_there_is_said(server: Dovecot) -> None:
    with pytest.raises(MailboxAway, match="doesn't exist"):
        ImapMailbox(address_of(server.url.replace("/INBOX", "/Nowhere"))).probe()


def test_certificate_of_a_stranger_is_not_trusted(server: Dovecot) -> None:
    with pytest.raises(MailboxAway, match="certificate verify failed"):
        ImapMailbox(address_of(server.tls_url.partition("?")[0])).probe()


def test_password_goes_by_starttls_where_an_authority_is_named(server: Dovecot) -> None:
    mailbox = ImapMailbox(address_of(f"{server.url.replace('127.0.0.1', 'localhost')}?cafile={server.folder}/authority"))

    mailbox.probe()

    assert "TLS" in server.log.splitlines()[-1]
    mailbox.close()


def test_nobody_listens_is_said() -> None:
    mailbox = ImapMailbox(address_of(f"imap://name:{PASSWORD.replace('/', '%2F')}@127.0.0.1:{free_port()}"))

    with pytest.raises(MailboxAway, match="Connection refused"):
        mailbox.probe()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("pop://a:b@mail.example", "begins with neither imaps:// nor imap://"),
        ("imaps://a:b@", "names no host"),
        ("imaps://mail.example", "needs a name and a password"),
        ("imaps://a@mail.example", "needs a name and a password"),
        ("imaps://a:b@mail.example:x", "its host or its port is wrong"),
        ("imaps://a:b@mail.example/INBOX#x", "goes on after the folder"),
        ("imaps://a:b@mail.example?x=y", "goes on after the folder"),
        ("imaps://a:b@mail.example/Gesch%C3%A4ft", "as the server lists it"),
        ("imaps://a:b@mail.example?cafile=/nowhere", "is not there"),
    ],
)
def test_address_that_is_none_is_refused(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as fault:
        address_of(url)

    assert "a:b" not in str(fault.value)


def test_address_is_read() -> None:
    address = address_of("imaps://me%40x:p%2Fw@mail.example/Calls%20Inbox")

    server = address.server
    assert (address.folder, server.port, server.name, server.password) == ("Calls Inbox", 993, "me@x", "p/w")
    assert address_of("imap://a:b@mail.example").folder == "INBOX"
