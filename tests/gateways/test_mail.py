"""Mail goes out through a real server, and each failure says whether to try again."""

import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

from calls.gateways.mail import FolderMail, MailDelayed, MailGateway, MailRefused, SmtpMail, from_url
from calls.gateways.mail_server import Server, server_at
from calls.ground.clock import SetClock
from tests.gateways.mail_servers import LOG_IN, Mailbox, MailServer, free_port

MESSAGE = b"Subject: Ask Tara\r\nMessage-ID: <1@calls.example>\r\n\r\n.one dot\r\n..two\r\n.\r\nend\r\n"
SENDER = "bounces+1@calls.example"
ANN = "ann@example.org"
NAME_AND_PASSWORD = f"{LOG_IN.login.decode()}:{quote(LOG_IN.password.decode(), safe='')}"


@contextmanager
def running(mailbox: Mailbox, **options: Any) -> Iterator[MailServer]:
    server = MailServer(mailbox, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def opened(url: str) -> closing[MailGateway]:
    """The gateway to that address, closed in the end."""
    return closing(from_url(url, Path("unused")))


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def plain(mailbox: Mailbox) -> Iterator[MailServer]:
    with running(mailbox) as server:
        yield server


@pytest.fixture
def gateway(plain: MailServer) -> Iterator[MailGateway]:
    with opened(f"smtp://127.0.0.1:{plain.port}") as made:
        yield made


class Authority:
    """A certificate authority of its own, as a company has one, and the server's certificate by it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.file))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost", "0.0.0.0").configure_cert(self.context)  # noqa: S104 - a name only


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_message_arrives_byte_for_byte(gateway: MailGateway, mailbox: Mailbox) -> None:
    gateway.send(SENDER, ANN, MESSAGE)

    assert [(letter.sender, letter.receivers, letter.message) for letter in mailbox.letters] == [(SENDER, [ANN], MESSAGE)]


def test_address_goes_out_in_punycode(gateway: MailGateway, mailbox: Mailbox) -> None:
    gateway.send(SENDER, "ann@exämple.org", MESSAGE)

    assert mailbox.letters[0].receivers == ["ann@xn--exmple-cua.org"]


def test_connection_is_kept_between_messages(gateway: MailGateway, mailbox: Mailbox) -> None:
    for _ in range(3):
        gateway.send(SENDER, ANN, MESSAGE)

    assert len(mailbox.letters) == 3
    assert len({letter.connection for letter in mailbox.letters}) == 1


def test_dropped_connection_is_opened_again_and_nothing_is_sent_twice(
    gateway: MailGateway, mailbox: Mailbox, plain: MailServer
) -> None:
    gateway.send(SENDER, ANN, MESSAGE)
    plain.hang_up_on_all()

    gateway.send(SENDER, "bob@example.org", MESSAGE)

    assert [letter.receivers for letter in mailbox.letters] == [[ANN], ["bob@example.org"]]


def test_idle_connection_that_the_server_closes_is_opened_again(gateway: MailGateway, mailbox: Mailbox) -> None:
    gateway.send(SENDER, ANN, MESSAGE)
    mailbox.answers_to_sender.append("421 4.4.2 idle for too long")

    gateway.send(SENDER, ANN, MESSAGE)

    assert len({letter.connection for letter in mailbox.letters}) == 2


def test_closed_gateway_sends_again(gateway: MailGateway, mailbox: Mailbox) -> None:
    gateway.send(SENDER, ANN, MESSAGE)
    gateway.close()

    gateway.send(SENDER, ANN, MESSAGE)

    assert len({letter.connection for letter in mailbox.letters}) == 2


def test_threads_send_side_by_side(gateway: MailGateway, mailbox: Mailbox) -> None:
    receivers = [f"person{number}@example.org" for number in range(40)]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda receiver: gateway.send(SENDER, receiver, MESSAGE), receivers))

    assert sorted(letter.receivers[0] for letter in mailbox.letters) == sorted(receivers)
    assert len({letter.connection for letter in mailbox.letters}) <= 4


@pytest.mark.parametrize("where", ["answers_to_sender", "answers_to_receiver", "answers_to_message"])
def test_5xx_refuses_the_message_and_the_next_one_goes(gateway: MailGateway, mailbox: Mailbox, where: str) -> None:
    getattr(mailbox, where).append("550 5.1.1 <ann@example.org>: no such person")

    with pytest.raises(MailRefused) as refused:
        gateway.send(SENDER, ANN, MESSAGE)
    gateway.send(SENDER, "bob@example.org", MESSAGE)

    assert str(refused.value) == "The mail server answered 550: 5.1.1 <…>: no such person"
    assert [letter.receivers for letter in mailbox.letters] == [["bob@example.org"]]


@pytest.mark.parametrize("where", ["answers_to_sender", "answers_to_receiver", "answers_to_message"])
@pytest.mark.parametrize("answer", ["451 4.3.0 later", "421 4.3.2 going down", "530 5.7.0 log in first"])
def test_delay_is_told_as_one_and_the_next_message_goes(gateway: MailGateway, mailbox: Mailbox, where: str, answer: str) -> None:
    getattr(mailbox, where).append(answer)

    with pytest.raises(MailDelayed):
        gateway.send(SENDER, ANN, MESSAGE)
    gateway.send(SENDER, ANN, MESSAGE)

    assert len(mailbox.letters) == 1


def test_server_that_is_down_delays() -> None:
    gateway = from_url(f"smtp://127.0.0.1:{free_port()}", Path("unused"))

    with pytest.raises(MailDelayed):
        gateway.send(SENDER, ANN, MESSAGE)
    with pytest.raises(MailDelayed):
        gateway.probe()


def test_server_that_breaks_off_amid_the_message_delays() -> None:
    with breaking_off_after(b"DATA") as port, opened(f"smtp://127.0.0.1:{port}") as gateway, pytest.raises(MailDelayed):
        gateway.send(SENDER, ANN, MESSAGE)


@contextmanager
def breaking_off_after(word: bytes) -> Iterator[int]:
    """A server that says yes to everything and hangs up when it hears the word."""

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as lines:
            lines.write(b"220 here\r\n")
            lines.flush()
            while (line := lines.readline()) and not line.startswith(word):
                lines.write(b"250 yes\r\n")
                lines.flush()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=5)


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("ann@example.org\r\nRCPT TO:<eve@example.org>", MESSAGE),
        ("ann@example.org> <eve@example.org", MESSAGE),
        ("ann", MESSAGE),
        (ANN, b"Subject: x\r\n\r\none\n.\r\nMAIL FROM:<eve@example.org>\r\n"),
        (ANN, b"Subject: x\r\n\r\none\r.\r\n"),
    ],
)
def test_smuggled_commands_are_refused(gateway: MailGateway, mailbox: Mailbox, to: str, message: bytes) -> None:
    with pytest.raises(MailRefused):
        gateway.send(SENDER, to, message)

    assert mailbox.letters == []


def test_starttls_and_log_in_carry_a_message(mailbox: Mailbox, authority: Authority) -> None:
    options = {"tls_context": authority.context, "authenticator": mailbox.admit, "auth_required": True}
    with running(mailbox, **options) as server:
        url = f"smtp://{NAME_AND_PASSWORD}@127.0.0.1:{server.port}?cafile={quote(str(authority.file))}"
        with opened(url) as gateway:
            gateway.probe()
            gateway.send(SENDER, ANN, MESSAGE)

    assert [(letter.is_encrypted, letter.message) for letter in mailbox.letters] == [(True, MESSAGE)]
    assert mailbox.log_ins == [True, True]


def test_tls_from_the_start_carries_a_message(mailbox: Mailbox, authority: Authority) -> None:
    with running(mailbox, tls_from_start=authority.context) as server:
        url = f"smtps://localhost:{server.port}?cafile={quote(str(authority.file))}"
        with opened(url) as gateway:
            gateway.send(SENDER, ANN, MESSAGE)

    assert [letter.message for letter in mailbox.letters] == [MESSAGE]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_certificate_of_a_stranger_is_not_believed(mailbox: Mailbox, authority: Authority, scheme: str) -> None:
    encryption = {"tls_from_start": authority.context} if scheme == "smtps" else {"tls_context": authority.context}
    with running(mailbox, authenticator=mailbox.admit, auth_require_tls=False, **encryption) as server:
        url = f"{scheme}://{NAME_AND_PASSWORD}@127.0.0.1:{server.port}"
        with opened(url) as gateway, pytest.raises(MailDelayed):
            gateway.send(SENDER, ANN, MESSAGE)

    assert mailbox.log_ins == []


def test_password_never_crosses_a_network_in_the_clear(mailbox: Mailbox) -> None:
    # 0.0.0.0 leads to this machine too, and is not a loopback address.
    with running(mailbox, authenticator=mailbox.admit, auth_require_tls=False) as server:
        url = f"smtp://{NAME_AND_PASSWORD}@0.0.0.0:{server.port}"
        with opened(url) as gateway, pytest.raises(MailDelayed):
            gateway.send(SENDER, ANN, MESSAGE)

    assert mailbox.log_ins == []


def test_wrong_password_delays_and_is_not_repeated_in_words(mailbox: Mailbox) -> None:
    with running(mailbox, authenticator=mailbox.admit, auth_require_tls=False) as server:
        url = f"smtp://calls:wrong-secret@127.0.0.1:{server.port}"
        with opened(url) as gateway, pytest.raises(MailDelayed) as delayed:
            gateway.probe()

    assert "535" in str(delayed.value)
    assert "wrong-secret" not in str(delayed.value)
    assert mailbox.log_ins == [False]


def test_server_is_read_from_its_address(tmp_path: Path) -> None:
    file = tmp_path / "own authority.pem"
    file.touch()

    assert server_at("smtp://mail.example.com") == Server("mail.example.com", 587, is_tls_from_start=False)
    assert server_at("smtps://[::1]/") == Server("::1", 465, is_tls_from_start=True)
    assert server_at(
        f"smtps://a%40b.de:p%2Fw%3A@mail.example.com:25?cafile={quote(str(file))}", own_name="calls.example"
    ) == Server("mail.example.com", 25, True, "a@b.de", "p/w:", str(file), "calls.example")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.com:587",
        "http://mail.example.com",
        "smtp://",
        "smtp://mail.example.com:http",
        "smtp://mail.example.com:99999",
        "smtp://calls:top/secret@mail.example.com",
        "smtp://calls:top?secret@mail.example.com",
        "smtp://calls@mail.example.com",
        "smtp://:secret@mail.example.com",
        "smtp://mail.example.com/folder",
        "smtp://mail.example.com?tls=off",
        "smtp://mail.example.com?cafile=/nowhere/authority.pem",
        "smtp://mail.example.com?cafile=",
        "smtp://[::1",
    ],
)
def test_wrong_address_of_a_server_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^The .*smtp://name:password@mail\.example\.com:587") as wrong:
        from_url(url, Path("unused"))

    assert "secret" not in str(wrong.value)


def test_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_text("not a certificate")

    with pytest.raises(ValueError, match="holds no certificate in PEM form"):
        from_url(f"smtp://127.0.0.1?cafile={quote(str(file))}", tmp_path)


def test_server_shows_no_secrets() -> None:
    assert "secret" not in repr(server_at("smtp://hidden-secret:top-secret@mail.example.com"))


def test_folder_keeps_each_message_in_the_order_of_sending(tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    gateway = from_url("outbox:", tmp_path, clock=clock)
    assert isinstance(gateway, FolderMail)
    gateway.probe()

    gateway.send(SENDER, ANN, MESSAGE)
    gateway.send(SENDER, "bob@example.org", b"second\r\n")
    clock.advance(seconds=1)
    gateway.send(SENDER, ANN, MESSAGE)
    gateway.close()

    assert [path.read_bytes() for path in gateway.letters()] == [MESSAGE, b"second\r\n", MESSAGE]
    assert sorted(path.name for path in (tmp_path / "outbox").iterdir()) == [path.name for path in gateway.letters()]
    assert [path.name[:29] for path in gateway.letters()] == [
        "20261122T120000000000Z-000001",
        "20261122T120000000000Z-000002",
        "20261122T120001000000Z-000003",
    ]


def test_folder_is_readable_for_its_owner_alone(tmp_path: Path) -> None:
    gateway = FolderMail(tmp_path / "outbox", SetClock(datetime(2026, 11, 22, tzinfo=UTC)))

    gateway.send(SENDER, ANN, MESSAGE)

    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0
    assert gateway.letters()[0].stat().st_mode & 0o077 == 0


def test_folder_that_cannot_be_written_delays(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    gateway = from_url("outbox:", tmp_path)

    with pytest.raises(MailDelayed):
        gateway.send(SENDER, ANN, MESSAGE)
    with pytest.raises(MailDelayed):
        gateway.probe()


def test_both_gateways_keep_the_contract(tmp_path: Path) -> None:
    gateways: list[MailGateway] = [from_url("outbox:", tmp_path), from_url("smtp://127.0.0.1", tmp_path)]

    assert [type(gateway) for gateway in gateways] == [FolderMail, SmtpMail]
