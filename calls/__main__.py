"""`python -m calls` is `calls`."""

from calls.cli import main

main(prog_name="calls")
