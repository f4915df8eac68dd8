"""`calls check`: say what is wrong with the set-up, each fault with its mend."""

import click

from calls.cli.findings import Finding, look
from calls.cli.opening import read_settings

MARKS = {"ok": "ok   ", "note": "note ", "fault": "FAULT"}


@click.command()
def check() -> None:
    """Say what is wrong with the set-up, and how to mend it.

    Looks at settings, disk, database, mail, time zones and the public address; fails if anything must be mended.
    """
    settings = read_settings()
    click.echo(f"{MARKS['ok']} Settings: each can be read")
    faults = 0
    for finding in look(settings):
        click.echo(told(finding))
        faults += finding.weight == "fault"
    if faults:
        raise click.ClickException("One thing must be mended." if faults == 1 else f"{faults} things must be mended.")


def told(finding: Finding) -> str:
    """A finding as lines for people."""
    line = f"{MARKS[finding.weight]} {finding.thing}: {finding.words}"
    return f"{line}\n      {finding.mend}" if finding.mend else line
