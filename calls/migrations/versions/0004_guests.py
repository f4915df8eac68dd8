"""Guests: the bench, invitations, bookings, prep, and where registrations came from.

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

revision = "0004_guests"
down_revision = "0003_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("square", sa.LargeBinary(), nullable=False),
        sa.Column("wide", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_pictures_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    with op.batch_alter_table("pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pictures_account_id"), ["account_id"], unique=False)

    op.create_table(
        "busy_calendars",
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("busy", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("worked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], name=op.f("fk_busy_calendars_show_id")),
        sa.PrimaryKeyConstraint("show_id", name=op.f("pk_busy_calendars")),
    )
    op.create_table(
        "guests",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("met", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("contacted_on", sa.Date(), nullable=True),
        sa.Column("looked_after_by_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("silenced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounce", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_guests_account_id")),
        sa.ForeignKeyConstraint(["looked_after_by_id"], ["members.id"], name=op.f("fk_guests_looked_after_by_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["guests.id"], name=op.f("fk_guests_merged_into_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["pictures.id"], name=op.f("fk_guests_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guests")),
    )
    with op.batch_alter_table("guests", schema=None) as batch_op:
        batch_op.create_index(
            "ix_guests_account_id_email",
            ["account_id", "email"],
            unique=True,
            sqlite_where=sa.text("email IS NOT NULL AND merged_into_id IS NULL"),
            postgresql_where=sa.text("email IS NOT NULL AND merged_into_id IS NULL"),
        )
        batch_op.create_index("ix_guests_account_id_place", ["account_id", "place"], unique=False)

    op.create_table(
        "open_hours",
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekly", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("buffer", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("most_a_week", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], name=op.f("fk_open_hours_show_id")),
        sa.PrimaryKeyConstraint("show_id", name=op.f("pk_open_hours")),
    )
    op.create_table(
        "terms",
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("hold_hours", sa.Integer(), nullable=False),
        sa.Column("is_approved_by_itself", sa.Boolean(), nullable=False),
        sa.Column("asks_next", sa.Boolean(), nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("pitch", sa.Text(), nullable=False),
        sa.Column("listeners", sa.Text(), nullable=False),
        sa.Column("connect", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("takes_wishes", sa.Boolean(), nullable=False),
        sa.Column("shows_race", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], name=op.f("fk_terms_show_id")),
        sa.PrimaryKeyConstraint("show_id", name=op.f("pk_terms")),
    )
    op.create_table(
        "invitations",
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("is_any_date", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("asked_for_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('call', 'extra', 'talk')", name=op.f("ck_invitations_purpose")),
        sa.CheckConstraint("state IN ('sent', 'taken', 'declined', 'withdrawn', 'lapsed')", name=op.f("ck_invitations_state")),
        sa.ForeignKeyConstraint(["follows_id"], ["invitations.id"], name=op.f("fk_invitations_follows_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name=op.f("fk_invitations_guest_id")),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], name=op.f("fk_invitations_show_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index("ix_invitations_guest_id", ["guest_id"], unique=False)
        batch_op.create_index("ix_invitations_show_id_state", ["show_id", "state"], unique=False)

    op.create_table(
        "understudies",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("replay", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_understudies_call_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name=op.f("fk_understudies_guest_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_understudies")),
    )
    op.create_table(
        "wishes",
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name=op.f("fk_wishes_guest_id")),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], name=op.f("fk_wishes_show_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
    )
    with op.batch_alter_table("wishes", schema=None) as batch_op:
        batch_op.create_index("ix_wishes_show_id_state", ["show_id", "state"], unique=False)

    op.create_table(
        "bookings",
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('chosen', 'confirmed', 'lapsed', 'declined', 'cancelled')", name=op.f("ck_bookings_state")),
        sa.CheckConstraint("(call_id IS NULL) = (starts_at IS NOT NULL)", name=op.f("ck_bookings_when")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_bookings_call_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name=op.f("fk_bookings_guest_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_bookings_invitation_id")),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], name=op.f("fk_bookings_show_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bookings_call_id_place",
            ["call_id", "place"],
            unique=True,
            sqlite_where=sa.text("state IN ('chosen', 'confirmed')"),
            postgresql_where=sa.text("state IN ('chosen', 'confirmed')"),
        )
        batch_op.create_index(
            "ix_bookings_ends_at",
            ["ends_at"],
            unique=False,
            sqlite_where=sa.text("state = 'chosen'"),
            postgresql_where=sa.text("state = 'chosen'"),
        )
        batch_op.create_index("ix_bookings_guest_id", ["guest_id"], unique=False)
        batch_op.create_index("ix_bookings_invitation_id", ["invitation_id"], unique=False)
        batch_op.create_index(
            "ix_bookings_show_id_starts_at",
            ["show_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("state IN ('chosen', 'confirmed') AND call_id IS NULL"),
            postgresql_where=sa.text("state IN ('chosen', 'confirmed') AND call_id IS NULL"),
        )

    op.create_table(
        "invitation_dates",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_invitation_dates_call_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_invitation_dates_invitation_id")),
        sa.PrimaryKeyConstraint("invitation_id", "call_id", name=op.f("pk_invitation_dates")),
    )
    with op.batch_alter_table("invitation_dates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_dates_call_id"), ["call_id"], unique=False)

    op.create_table(
        "votes",
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_votes_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes")),
        sa.UniqueConstraint("wish_id", "email", name=op.f("uq_votes_wish_id_email")),
    )
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.create_index("ix_votes_created_at", ["created_at"], unique=False)

    op.create_table(
        "preps",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("please_ask", sa.Text(), nullable=False),
        sa.Column("please_dont", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consent_words", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreement", sa.JSON(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_preps_booking_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["pictures.id"], name=op.f("fk_preps_picture_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_preps")),
    )
    op.create_table(
        "shares",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("attendee_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendees.id"], name=op.f("fk_shares_attendee_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_shares_booking_id")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_shares_call_id")),
        sa.ForeignKeyConstraint(["show_id"], ["shows.id"], name=op.f("fk_shares_show_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_shares_booking_id")),
        sa.UniqueConstraint("call_id", "attendee_id", name=op.f("uq_shares_call_id_attendee_id")),
        sa.UniqueConstraint("code", name=op.f("uq_shares_code")),
    )
    with op.batch_alter_table("shares", schema=None) as batch_op:
        batch_op.create_index("ix_shares_attendee_id", ["attendee_id"], unique=False)

    op.create_table(
        "told_guests",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("way_in", sa.Text(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_told_guests_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_told_guests")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest_places", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("booking_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("registration_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f("uq_entries_booking_id"), ["booking_id"])
        batch_op.create_foreign_key(batch_op.f("fk_entries_booking_id"), "bookings", ["booking_id"], ["id"])
        batch_op.create_check_constraint("whose", "(registration_id IS NULL) <> (booking_id IS NULL)")

    # SQLite's copy of a table leaves its checks behind; PostgreSQL keeps them.
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("whose", "feeds", type_="check")
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest_id", sa.Uuid(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_feeds_guest_id"), ["guest_id"])
        batch_op.create_foreign_key(batch_op.f("fk_feeds_guest_id"), "guests", ["guest_id"], ["id"])
        batch_op.create_check_constraint(
            "whose",
            "(attendee_id IS NOT NULL AND member_id IS NULL AND guest_id IS NULL)"
            " OR (attendee_id IS NULL AND member_id IS NOT NULL AND guest_id IS NULL)"
            " OR (attendee_id IS NULL AND member_id IS NULL AND guest_id IS NOT NULL)",
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("booking_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "ix_messages_guest_id",
            ["guest_id"],
            unique=False,
            sqlite_where=sa.text("guest_id IS NOT NULL"),
            postgresql_where=sa.text("guest_id IS NOT NULL"),
        )

    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("via", sa.Text(), nullable=True))

    is_guests = "(kind LIKE 'guest.%' OR kind LIKE 'invitation.%' OR kind LIKE 'booking.%' OR kind LIKE 'prep.%')"
    op.create_index(
        "ix_changes_guests",
        "changes",
        ["thing_id"],
        unique=False,
        sqlite_where=sa.text(is_guests),
        postgresql_where=sa.text(is_guests),
    )
