"""All commands in one group."""

import click

from calls import __version__
from calls.cli.checking import check
from calls.cli.hearing import inbound
from calls.cli.judging import check_url
from calls.cli.keeping import backup, migrate, restore
from calls.cli.owners import owner
from calls.cli.serving import serve, work
from calls.cli.speaking import Commands
from calls.cli.trying import demo


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="Calls %(version)s")
def main() -> None:
    """Calls: a self-hosted manager for recurring expert calls.

    Settings come from the environment, prefix CALLS_. Try `calls demo` first: it needs none.
    """


for command in (demo, serve, work, migrate, check, check_url, owner, backup, restore, inbound):
    main.add_command(command)
