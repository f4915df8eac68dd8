"""`calls demo`: everything in one process, to be tried without an account anywhere."""

from pathlib import Path

import click

from calls.cli.opening import keep_private
from calls.demo import running

PORT = click.IntRange(1, 65000)


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Keep it in this folder; else it is thrown away.")
@click.option("--port", default=8000, show_default=True, type=PORT, help="The port, or the next one that is free.")
def demo(data: Path | None, port: int) -> None:
    """Run a sample installation: a show, its people, and an outbox in which every mail can be read."""
    keep_private()
    running.run(data, port, click.echo)
