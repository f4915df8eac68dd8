"""`calls inbound`: take one mail that a mail server hands over, where no mailbox is read."""

import logging
import os
import sys
from typing import NoReturn

import click
import sqlalchemy as sa

from calls.cli.opening import now, opened, read_settings, sqlite_file
from calls.cli.speaking import database_trouble, say
from calls.ground.database import TROUBLE
from calls.ground.refusals import Refused
from calls.inbound import reading, taking
from calls.inbound.reading import FAULTS, LARGEST, Mail
from calls.migrations import running
from calls.settings import Settings, WrongSettings

logger = logging.getLogger("calls.inbound")


@click.command()
def inbound() -> None:
    """Take one mail from standard input: a calendar's answer, or a report of a mail that came back.

    For a mail server that runs it for each mail to the address of CALLS_MAIL_FROM, beside a running `calls serve`. A mail
    that was taken before changes nothing. While the database is away, or anything else is wrong here, it
    fails with 75, so that the mail server tries again later.
    """
    try:
        settings = read_settings()
        mail = reading.read(_handed_in(), authserv=settings.imap_authserv, now=now())
        click.echo(_take(settings, mail))
    except WrongSettings as wrong:
        _try_again_later("\n".join(wrong.faults))
    except Refused as refusal:
        _try_again_later(refusal.sentence)
    except sa.exc.DBAPIError as trouble:
        _try_again_later(database_trouble(trouble))
    except (OSError, sa.exc.TimeoutError) as trouble:
        _try_again_later(f"{trouble}.")


def _handed_in() -> bytes:
    """The mail, of one that is too big the beginning; all of it is heard, for a broken pipe would look like a failure."""
    beginning = sys.stdin.buffer.read(LARGEST + 1)
    while sys.stdin.buffer.read(LARGEST):
        pass
    return beginning


def _try_again_later(sentence: str) -> NoReturn:
    """Whatever is wrong with the set-up is not the mail's fault, which would be sent back to whoever wrote it."""
    say(f"Error: {sentence}")
    sys.exit(os.EX_TEMPFAIL)


def _take(settings: Settings, mail: Mail) -> str:
    """What became of the mail. One at whose taking anything breaks is kept aside: failing would have it sent back (M23)."""
    file = sqlite_file(settings)
    if file and not file.exists():
        raise Refused(f"There is nobody to take it: {file} is not there. See CALLS_DATA and CALLS_DATABASE.")
    with opened(settings) as database:
        if running.standing(database) != "current":
            raise Refused("The database is not at this release. Run `calls migrate`, or start `calls serve`.")
        try:
            with database.transaction() as session:
                return taking.take(session, mail, now=now())
        except TROUBLE:
            raise
        except (*FAULTS, sa.exc.SQLAlchemyError):
            logger.exception("taking a mail failed")
            with database.transaction() as session:
                return taking.keep_aside(session, mail, now=now())
