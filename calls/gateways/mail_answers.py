"""What a mail server's answers and a network's failures mean for one message.

Either error is a sentence for the operator. After `MailRefused` trying again is useless; after `MailDelayed` it is not.
What concerns the connection or the log-in, and not this one message, is always a delay: it is mended, and then all mail goes.
"""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from calls.ground.text import clean_line, excerpt

_LONGEST_ANSWER = 300
# RFC 4954 section 6: the server wants another log-in or encryption, and not another message.
_LOG_IN_CODES = {530, 534, 535, 538}
_ANY_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


class MailRefused(Exception):
    """This message will never be taken: do not try again."""


class MailDelayed(Exception):
    """The message was not taken now: try again later."""


def expect(answer: tuple[int, bytes], *good: int) -> None:
    """Raise what `told_as_mail` tells unless the answer is a good one."""
    if answer[0] not in good:
        raise smtplib.SMTPResponseException(*answer)


@contextmanager
def told_as_mail(*, is_about_message: bool = True) -> Iterator[None]:
    """Say what smtplib and the network raise in the two errors of this gateway."""
    try:
        yield
    except smtplib.SMTPResponseException as answer:
        is_final = is_about_message and 500 <= answer.smtp_code < 600 and answer.smtp_code not in _LOG_IN_CODES
        error = MailRefused if is_final else MailDelayed
        raise error(f"The mail server answered {answer.smtp_code}: {_in_short(answer.smtp_error)}") from None
    except (OSError, UnicodeError) as trouble:
        raise MailDelayed(f"The mail server could not be used: {_in_short(str(trouble))}") from None


def _in_short(answer: bytes | str) -> str:
    """What a server said, on one line and without the addresses that servers like to repeat."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return excerpt(_ANY_ADDRESS.sub("…", clean_line(text)), _LONGEST_ANSWER)
