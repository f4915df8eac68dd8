"""Alembic, for the rare start that runs a step: it is a tenth of what a start takes, and eight megabytes."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

HERE = Path(__file__).parent


def step_up(connection: Connection, to: str) -> None:
    """Run the steps up to this one, in the transaction that the connection is in."""
    command.upgrade(migration_config(connection), to)


def migration_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, made here because there is no ini file; `env.py` works in the connection."""
    config = Config()
    config.attributes["connection"] = connection
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    return config
