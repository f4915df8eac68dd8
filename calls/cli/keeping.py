"""`calls migrate`, `calls backup` and `calls restore`: what keeps an installation safe through releases and machines."""

from pathlib import Path

import click

from calls.backups import making, restoring
from calls.backups.archive import Archive, mark
from calls.backups.quieting import Quieted
from calls.cli.opening import alone, bring_up, now, opened, read_settings, sqlite_file
from calls.cli.speaking import count, progress, say
from calls.ground.refusals import Refused
from calls.settings import Settings


@click.command()
def migrate() -> None:
    """Bring the database to what this release needs.

    `calls serve` does so itself at its start. A database that holds anything is backed up into the data folder first.
    """
    settings = read_settings()
    with opened(settings) as database:
        ran = bring_up(database, settings)
    click.echo(f"The database was brought to {ran[-1]}." if ran else "The database is current; nothing was to be done.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything into one FILE, also while `calls serve` runs.

    It can be restored on another machine, into SQLite or PostgreSQL. Keep it as safe as the people in it would want:
    it holds their names and addresses, and the installation's secret if that was made in the data folder.
    """
    settings = read_settings()
    kept = sqlite_file(settings)
    if kept and not kept.exists():
        raise Refused(f"There is nothing to back up: {kept} is not there. See CALLS_DATA and CALLS_DATABASE.")
    with opened(settings) as database, progress("Backing up") as tell:
        manifest = making.make(
            database, file, secret=settings.secret, keeps_secret=settings.is_secret_kept, now=now(), progress=tell
        )
    click.echo(f"{count(manifest.count, 'row', 'rows')} written to {file} ({file.stat().st_size / 1e6:,.1f} MB).")
    if not settings.is_secret_kept:
        say("CALLS_SECRET is not in it: keep that apart. Without it the links in mails already sent stop working.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--moving", is_flag=True, help="The old server was stopped before the backup: what waited there still goes out.")
def restore(file: Path, moving: bool) -> None:
    """Bring everything back from FILE, into an empty database.

    Nothing is sent again: what may have gone out between the backup and now is put to rest and counted, and everybody
    signs in anew. When you move to another machine or database, stop `calls serve`, take the backup, and restore it
    with --moving: then everything goes on from there.
    """
    settings = read_settings()
    with Archive(file) as archive, alone(settings), opened(settings) as database, progress("Restoring") as tell:
        restoring.check_empty(database)
        archive.check()
        _keep_secret(archive, settings)
        quieted = restoring.restore(database, archive, is_moving=moving, now=now(), progress=tell)
        click.echo(f"{count(archive.manifest.count, 'row', 'rows')} of {archive.manifest.made_at[:16]} UTC restored.")
    if quieted:
        for sentence in put_to_rest(quieted):
            click.echo(sentence)


def put_to_rest(quieted: Quieted) -> list[str]:
    """What a restore did not leave as it was, a sentence each; nothing of what there was none of."""
    told = (
        (quieted.in_flight, "Messages in the midst of being sent, marked failed; a host can send them anew"),
        (quieted.overdue, "Messages that have come due since, and are not sent"),
        (quieted.changes, "Changes whose follow-ups were still to come, taken as told"),
        (quieted.pending, "Pending changes that have come due since; the board asks the host to look"),
    )
    return [f"{words}: {number:,}." for number, words in told if number]


def _keep_secret(archive: Archive, settings: Settings) -> None:
    """See that the installation will have the secret that the links in mails were made with."""
    inside = archive.secret
    if mark(settings.secret) == archive.manifest.secret_mark:
        return
    if inside is None:
        raise Refused(
            "This backup was made with a CALLS_SECRET of your own, which is not in it. Set CALLS_SECRET to the same value and "
            "restore again: without it the links in mails already sent would stop working."
        )
    if not settings.is_secret_kept:
        raise Refused("CALLS_SECRET is set to another value than this backup's own. Unset it and restore again.")
    partial = settings.secret_file.with_name("secret.part")
    partial.write_bytes(inside + b"\n")
    partial.replace(settings.secret_file)
