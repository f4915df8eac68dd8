"""What a call is called in one line."""

import pytest

from calls.shows import titles


@pytest.mark.parametrize(
    ("title", "guest", "headline", "subject"),
    [
        ("Sleep", "Dr. Ono", "Ask Tara: Sleep, with Dr. Ono", "Sleep, with Dr. Ono"),
        ("Sleep", "", "Ask Tara: Sleep", "Sleep"),
        ("", "Dr. Ono", "Ask Tara: Dr. Ono", "Dr. Ono"),
        ("", "", "Ask Tara", "Ask Tara"),
    ],
)
def test_call_is_named_by_its_title_and_guest(title: str, guest: str, headline: str, subject: str) -> None:
    found = titles.headline("Ask Tara", title, guest), titles.subject_of(title, guest, "Ask Tara")

    assert found == (headline, subject)
