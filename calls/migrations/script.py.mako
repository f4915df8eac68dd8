"""${message}

A step is run once, at the start of the first new release, while nothing else writes; people wait for it.
The rules for a safe one:

- The revision is the file's name: a number, then a sentence of at most 32 characters in all. One step stands on one.
- Each step is one transaction with its statements, so a kill leaves all of it or nothing. Never commit in it.
- Write out tables and values here; import nothing from the house. The models will change, this file never does.
- A new column is nullable or has a server_default; a backfill goes by primary key, in batches, with plain SQL that both
  databases read. Nothing is dropped in the release that stops using it: the release before must still run.
- On SQLite whatever ALTER TABLE lacks goes through op.batch_alter_table; foreign keys rest meanwhile and are checked after.
- On PostgreSQL an index of a large table locks it against writing; that is why steps run before the doors open.
- There is no way back but a backup, and `calls serve` makes one before it brings a filled database up.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
