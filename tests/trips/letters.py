"""What stands in a mailbox, as its reader sees it."""

from calls.ground.clock import SetClock
from tests.fakes import Letter
from tests.gateways.mail_servers import Mailbox


def letters_to(mailbox: Mailbox, address: str, clock: SetClock) -> list[Letter]:
    """What came for one person, in the order it came."""
    return [Letter(clock.now(), it.sender, address, it.message) for it in mailbox.letters if it.receivers == [address]]
