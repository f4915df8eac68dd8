"""Every table of the house in one place, for the migrations and for the test that compares them with the models."""

import calls.calendars.models
import calls.guests.models
import calls.history.models
import calls.joining.models
import calls.kits.models
import calls.messages.models
import calls.registrations.models
import calls.shows.models
import calls.team.models
import calls.wishes.models  # noqa: F401 -- these imports are for what they add to the metadata
from calls.ground.database import Table

METADATA = Table.metadata

__all__ = ["METADATA"]
