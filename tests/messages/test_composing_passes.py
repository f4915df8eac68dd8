"""What a letter about many calls lists: a pass once, single calls each, and never more than can be read."""

import re

from calls.messages import finding
from tests.fakes import FakeMail
from tests.studio import CLEO, LINKS, Studio


def lines_of(studio: Studio, mail: FakeMail) -> list[str]:
    """The list in the mail that brings a person her links, an item with its address on a line."""
    studio.work()
    with studio.database.transaction() as session:
        finding.send_links(session, CLEO.email, now=studio.clock.now())
    studio.work()
    letter = mail.letters[-1]
    assert letter.subject == "Your calls"
    return re.findall(r"^- .*(?:\n\s*http\S+)?", letter.text.replace("\r\n", "\n"), re.MULTILINE)


def test_pass_is_found_by_one_link_to_all_of_its_dates(studio: Studio, mail: FakeMail) -> None:
    pass_id = studio.take_pass(CLEO)

    found = lines_of(studio, mail)

    assert [re.sub(r"\n\s*", " ", it) for it in found] == [f"- All calls of Ask Tara {LINKS.passes(pass_id)}"]


def test_single_call_is_found_by_its_time_and_link(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(CLEO, 1)

    found = lines_of(studio, mail)

    assert [re.sub(r"\n\s*", " ", it) for it in found] == [
        f"- Tuesday 1 December 2026, 19:00, New York time (UTC−05:00): Ask Tara {LINKS.registration(registration_id)}"
    ]


def test_calls_beyond_the_first_twelve_are_counted(studio: Studio, mail: FakeMail) -> None:
    for number in range(14):
        studio.register(CLEO, number)

    found = lines_of(studio, mail)

    assert (len(found), found[-1]) == (13, "- and 2 more, later")
