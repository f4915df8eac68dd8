"""A real mail server for tests: Dovecot, a throw-away instance of an unprivileged user on loopback, with one mailbox.

It comes with Debian's dovecot-imapd. Where it is missing the tests are skipped and say so, unless CALLS_TESTS_REQUIRE asks for
`dovecot`.
"""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import trustme

from tests.conftest import need
from tests.gateways.mail_servers import free_port
from tests.served import wait_for

NAME, PASSWORD = "shows@calls.example", "pass/wörd@1"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/certificate
ssl_key = <{folder}/key
imap_capability = {capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """The server in a folder of its own. It can be stopped and started again at the same ports."""

    def __init__(self, folder: Path, *, capability: str = "+") -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None
        # Dovecot keeps no mail as root, and gives itself to nobody where root starts it.
        self._owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._program = need("dovecot", _program(), "dovecot is not installed (Debian: dovecot-imapd)")
        authority = trustme.CA()
        certificate = authority.issue_cert("localhost", "127.0.0.1")
        authority.cert_pem.write_to_path(folder / "authority")
        certificate.private_key_pem.write_to_path(folder / "key")
        (folder / "certificate").write_bytes(b"".join(it.bytes() for it in certificate.cert_chain_pems))
        facts = {"port": self.port, "tls_port": self.tls_port, "password": PASSWORD, "capability": capability}
        group = _group(self._owner.pw_gid)
        (folder / "dovecot.conf").write_text(CONFIGURATION.format(folder=folder, user=self._owner.pw_name, group=group, **facts))
        for path in (folder, *folder.iterdir()):
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    @property
    def url(self) -> str:
        """What CALLS_IMAP says of it, in the clear as on loopback."""
        return f"imap://{quote(NAME)}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/INBOX"

    @property
    def tls_url(self) -> str:
        return f"imaps://{quote(NAME)}:{quote(PASSWORD, safe='')}@localhost:{self.tls_port}?cafile={self.folder}/authority"

    def start(self) -> None:
        as_owner = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        command = [self._program, "-F", "-c", str(self.folder / "dovecot.conf")]
        said = (self.folder / "said").open("ab")
        self._process = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True, cwd=self.folder, **as_owner)  # type: ignore[call-overload]
        said.close()
        wait_for(lambda: self._process.poll() is not None or _listens(self.port), "Dovecot listens")  # type: ignore[union-attr]
        assert self._process.poll() is None, (self.folder / "said").read_text() + self.log

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=20)
            wait_for(lambda: not _listens(self.port), "Dovecot listens no more")

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text() if (self.folder / "log").exists() else ""

    def deliver(self, *messages: bytes) -> None:
        """Put mails into the mailbox, unseen."""
        with self.client() as client:
            for message in messages:
                assert client.append("INBOX", None, None, message)[0] == "OK"

    def seen(self) -> list[bool]:
        """Of each mail in the mailbox, whether it is marked as seen."""
        with self.client() as client:
            client.select("INBOX", readonly=True)
            found = client.uid("FETCH", "1:*", "(FLAGS)")[1]
            return [b"\\Seen" in it for it in found if isinstance(it, bytes)]

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Another program at the same mailbox."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.authenticate("PLAIN", lambda _: f"\0{NAME}\0{PASSWORD}".encode())
        try:
            yield client
        finally:
            client.logout()


@contextmanager
def dovecot(**facts: str) -> Iterator[Dovecot]:
    """A server that runs until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="calls-dovecot-"))
    try:
        server = Dovecot(folder, **facts)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
