"""A guest who is booked for a call, and photos as people send them."""

from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from calls.guests.models import Booking, Guest, Invitation
from calls.shows.models import Call
from tests.builders import NOW, a_call, a_show

KEN = {"name": "Dr. Ken Ono", "email": "ken@example.jp", "zone": "Asia/Tokyo"}
GOOGLEPLEX = {1: "N", 2: (37.0, 25.0, 19.07), 3: "W", 4: (122.0, 5.0, 6.24)}  # a position, as phones write it
ORIENTATION, MODEL, GPS = 0x0112, 0x0110, 0x8825


def a_booking(session: Session, call: Call | None = None, **facts: Any) -> Booking:
    """Dr. Ken Ono in Tokyo, who has confirmed a call; `guest` holds what else is known of her."""
    call = call or a_call(session, a_show(session))
    known = KEN | facts.pop("guest", {})
    guest = Guest(account_id=call.show.account_id, created_at=NOW, **known)
    invitation = Invitation(show=call.show, guest=guest, state="taken", created_at=NOW, sent_at=NOW)
    told = {"state": "confirmed", "accepted_at": NOW, "approved_at": NOW, "confirmed_at": NOW, "ends_at": NOW, "revised_at": NOW}
    booking = Booking(show=call.show, guest=guest, invitation=invitation, call=call, created_at=NOW, **told | facts)
    session.add_all([guest, invitation, booking])
    session.flush()
    return booking


def a_photo(size: tuple[int, int] = (900, 1200), kind: str = "JPEG", mode: str = "RGB", **saving: Any) -> bytes:
    """A sky above a lawn: what is on top is blue, and what is below is green."""
    photo = Image.new("RGB", size, (40, 90, 200))
    photo.paste((40, 160, 60), (0, size[1] // 2, size[0], size[1]))
    file = BytesIO()
    photo.convert(mode).save(file, kind, **saving)
    return file.getvalue()


def from_a_phone(orientation: int = 1, size: tuple[int, int] = (900, 1200)) -> bytes:
    """With all that a phone writes: where it was, which phone it was, how it was held."""
    exif = Image.Exif()
    exif[MODEL], exif[ORIENTATION] = "Phone of Ken", orientation
    exif.get_ifd(GPS).update(GOOGLEPLEX)
    return a_photo(size, exif=exif, comment=b"at home")
