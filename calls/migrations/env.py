"""What Alembic runs for each step: in the connection, and so in the transaction, that `running` or `drafting` opened."""

from typing import Literal

from alembic import context

from calls.ground.database import UtcTime
from calls.migrations.tables import METADATA


def written(kind: str, thing: object, _: object) -> str | Literal[False]:
    """How a draft writes our own column types: as the plain ones below them, so that a step never changes with the code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=bool(context.script.get_heads()),  # the first step has nothing to make anew
    render_item=written,
)
context.run_migrations()
