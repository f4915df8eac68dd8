"""A letter to a guest that comes back marks her, not an attendee; the first of a booking bears the UID of its entry."""

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests.models import Guest
from calls.inbound import taking
from calls.inbound.reading import read
from tests.fakes import FakeMail
from tests.inbound.mails import AUTHSERV, bounced
from tests.invited import invited
from tests.studio import a_studio


@pytest.mark.parametrize("number", [0, 1])
def test_bounce_of_a_letter_to_a_guest_marks_her(database: Database, clock: SetClock, number: int) -> None:
    studio = a_studio(database, clock, FakeMail(clock))
    ken = invited(studio)
    studio.work()
    ken.choose()
    studio.work()

    raw = bounced(ken.letters()[number].id.strip("<>"), "ken@example.jp")
    with database.transaction() as session:
        became = taking.take(session, read(raw, authserv=AUTHSERV, now=clock.now()), now=clock.now())

    with database.reading() as session:
        guest = session.get_one(Guest, ken.guest_id)
    assert became == "An address takes no mail; it is marked, and stands on the board."
    assert (guest.bounced_at, bool(guest.bounce)) == (clock.now(), True)
