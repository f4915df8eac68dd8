"""Indexes that leave the crowd out: a call's story without its registrations, passes without those who hold none.

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

revision = "0002_lighter_indexes"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


IS_STORY = sa.text("(kind LIKE 'call.%' OR kind LIKE 'pending.%')")
HAS_PASS = sa.text("pass_id IS NOT NULL")


def upgrade() -> None:
    """Databases differ here: some were made by a first step that had these indexes already, under the same names."""
    for name in ("ix_changes_call_id", "ix_changes_show_id", "ix_changes_story"):
        op.drop_index(name, "changes", if_exists=True)
    op.create_index("ix_changes_story", "changes", ["call_id"], sqlite_where=IS_STORY, postgresql_where=IS_STORY)
    op.drop_index("ix_registrations_pass_id", "registrations", if_exists=True)
    op.create_index("ix_registrations_pass_id", "registrations", ["pass_id"], sqlite_where=HAS_PASS, postgresql_where=HAS_PASS)
