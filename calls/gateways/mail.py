"""Where messages go out: the contract, and the two that keep it, a mail server and a folder in which mails can be read."""

import hashlib
import itertools
from pathlib import Path
from typing import Protocol

from calls.gateways.mail_answers import MailDelayed, MailRefused
from calls.gateways.mail_server import server_at
from calls.gateways.smtp import SmtpMail
from calls.ground.clock import Clock, SystemClock

__all__ = ["FolderMail", "MailDelayed", "MailGateway", "MailRefused", "SmtpMail", "from_url"]


class MailGateway(Protocol):
    """Where messages go out. May be used by several threads at once."""

    def send(self, envelope_from: str, to: str, message: bytes) -> None:
        """Hand over one message, its lines ended by CRLF. Raises MailRefused or MailDelayed."""

    def probe(self) -> None:
        """Find out, without sending, whether messages can be sent. Raises MailDelayed."""

    def close(self) -> None:
        """Let go of what is open; the next message opens it again."""


class FolderMail:
    """Writes each message into a folder as an .eml file; their names sort by time."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._numbers = itertools.count(1)

    def send(self, envelope_from: str, to: str, message: bytes) -> None:
        moment = self._clock.now().strftime("%Y%m%dT%H%M%S%fZ")
        name = f"{moment}-{next(self._numbers):06}-{hashlib.sha256(to.encode() + message).hexdigest()[:12]}"
        unfinished = self._folder / f"{name}.part"
        try:
            # Letters hold links with secrets: they are for the owner of the folder alone.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(message)
            unfinished.replace(self._folder / f"{name}.eml")
        except OSError as trouble:
            raise MailDelayed(f"The outbox folder takes no message: {trouble.strerror}.") from trouble

    def probe(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            trial = self._folder / "trial.part"
            trial.touch(mode=0o600)
            trial.unlink()
        except OSError as trouble:
            raise MailDelayed(f"The outbox folder takes no message: {trouble.strerror}.") from trouble

    def close(self) -> None:
        """Nothing is open between messages."""

    def letters(self) -> list[Path]:
        """The files of all messages, oldest first."""
        return sorted(self._folder.glob("*.eml"))


def from_url(url: str, data_folder: Path, *, clock: Clock | None = None, own_name: str | None = None) -> MailGateway:
    """The gateway that CALLS_SMTP names. `own_name` is what we call ourselves to a server. Raises ValueError with a sentence."""
    if url == "outbox:":
        return FolderMail(data_folder / "outbox", clock or SystemClock())
    return SmtpMail(server_at(url, own_name=own_name))
