"""How commands speak: results on standard output, progress and complaints on standard error, a mistake in one sentence."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import sqlalchemy as sa

from calls.ground.logs import without_secrets
from calls.ground.refusals import Refusal
from calls.settings import WrongSettings

Progress = Callable[[int, int], None]


class Commands(click.Group):
    """The group of all commands: what goes wrong below becomes a sentence and an exit code, never a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except WrongSettings as wrong:
            raise click.ClickException("\n".join(wrong.faults)) from None
        except Refusal as refusal:
            raise click.ClickException(refusal.sentence) from None
        except sa.exc.DBAPIError as trouble:
            raise click.ClickException(f"{database_trouble(trouble)} See CALLS_DATABASE and CALLS_DATA.") from None
        except OSError as trouble:
            raise click.ClickException(f"{trouble.filename or 'The machine'}: {trouble.strerror or trouble}.") from None


def database_trouble(trouble: sa.exc.DBAPIError) -> str:
    """What the database says, without what was asked of it and without secrets."""
    said = without_secrets(str(trouble.orig)).strip() or "nothing"
    return f"The database cannot be used: {said.splitlines()[0].rstrip('.')}."


def say(sentence: str) -> None:
    """Tell what is going on, aside from the result."""
    click.echo(sentence, err=True)


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A bar that grows on a terminal, and nothing elsewhere; it is told how many of how many are done."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield tell


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: 1 row, 12,000 rows."""
    return f"{number:,} {one if number == 1 else many}"
