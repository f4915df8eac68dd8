"""Answers are read as Exchange, Google, Apple, Thunderbird and Outlook write them (cases 23 and 24 of calendars.md)."""

from datetime import UTC, datetime

import pytest

from calls.calendars.answers import Answered, Proposed
from calls.inbound.reading import Mail, read
from tests.builders import NOW
from tests.inbound import mails
from tests.inbound.mails import ANN, AUTHSERV, UID, mail, outlook_counter, reply, several


def taken(raw: bytes) -> Mail:
    return read(raw, authserv=AUTHSERV, now=NOW)


def answered(raw: bytes) -> list[tuple[str, str, bool]]:
    """Whom it is from, the answer, and whether that is vouched for."""
    found = taken(raw).answers
    return [(",".join(sorted(it.addresses)), it.answer, it.is_authentic) for it in found if isinstance(it, Answered)]


def test_answer_of_exchange_has_no_organizer() -> None:
    [heard] = taken(mails.exchange()).answers

    assert heard == Answered(
        uid=UID,
        sequence=0,
        stamped_at=datetime(2026, 11, 22, 10, 55, tzinfo=UTC),
        addresses=frozenset({ANN}),
        is_authentic=True,
        comment="See you, Tara.",
        answer="accepted",
    )


def test_answer_of_google_is_read_once_though_it_stands_there_twice() -> None:
    assert answered(mails.google()) == [(ANN, "declined", True)]


def test_answer_of_google_by_itself_is_hers_who_is_replied_to() -> None:
    both = ",".join(sorted([ANN, "calendar-notification@google.com"]))

    assert answered(mails.google(by_itself=True)) == [(both, "declined", True)]


def test_answer_of_apple_has_neither_start_nor_sequence() -> None:
    [heard] = taken(mails.apple()).answers

    assert (heard.sequence, heard.addresses) == (None, frozenset({ANN}))
    assert answered(mails.apple()) == [(ANN, "tentative", True)]


def test_answer_of_thunderbird_names_the_change_that_it_answers() -> None:
    [heard] = taken(mails.thunderbird()).answers

    assert heard.sequence == 2
    assert answered(mails.thunderbird()) == [(ANN, "accepted", True)]


@pytest.mark.parametrize("described", [True, False])
def test_counter_of_outlook_is_a_proposal(described: bool) -> None:
    [heard] = taken(outlook_counter(described=described)).answers

    assert heard == Proposed(
        uid=UID,
        sequence=0,
        stamped_at=datetime(2026, 11, 22, 10, 55, tzinfo=UTC),
        addresses=frozenset({ANN}),
        is_authentic=True,
        comment="An hour later?",
        starts_at=datetime(2026, 10, 28, 18, tzinfo=UTC),
        ends_at=datetime(2026, 10, 28, 19, tzinfo=UTC),
        words="2026-10-28 11:00, Pacific Standard Time – 2026-10-28 12:00, Pacific Standard Time",
    )
    assert taken(outlook_counter()).kind == "counter"


def test_counter_of_a_zone_that_only_the_mail_describes_is_understood() -> None:
    [heard] = taken(outlook_counter(zone="Customized Time Zone 1", start="20261102T110000", end="20261102T120000")).answers

    assert isinstance(heard, Proposed)
    assert heard.starts_at == datetime(2026, 11, 2, 19, tzinfo=UTC)


def test_counter_of_a_zone_that_nobody_knows_is_words() -> None:
    [heard] = taken(outlook_counter(zone="Customized Time Zone 1", described=False)).answers

    assert isinstance(heard, Proposed)
    assert (heard.starts_at, heard.ends_at) == (None, None)
    assert heard.words == "2026-10-28 11:00, Customized Time Zone 1 – 2026-10-28 12:00, Customized Time Zone 1"


def test_counter_of_a_broken_zone_is_words_and_keeps_no_other_answer_from_counting() -> None:
    broken = outlook_counter(zone="Customized Time Zone 1").replace(b"16010101", b"16011301")

    heard, another = taken(broken.replace(b"END:VCALENDAR", b"END:VCALENDAR\n" + reply(uid="inv-another").encode())).answers

    assert isinstance(heard, Proposed)
    assert (heard.starts_at, another.uid) == (None, "inv-another")


@pytest.mark.parametrize(
    ("start", "starts_at"),
    [
        ("DTSTART:20261028T180000Z", datetime(2026, 10, 28, 18, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Berlin:20261028T190000", datetime(2026, 10, 28, 18, tzinfo=UTC)),
        ("DTSTART:20261028T180000", None),
        ("DTSTART;VALUE=DATE:20261028", None),
        ("DTSTART:99991231T235959Z", None),
        ("DTSTART:20261399T000000Z", None),
        ("DTSTART:tomorrow", None),
    ],
)
def test_counter_holds_a_moment_only_where_one_was_written(start: str, starts_at: datetime | None) -> None:
    calendar = reply(more=f"{start}\nDURATION:PT1H", method="METHOD:COUNTER")

    [heard] = taken(mail(calendar)).answers

    assert isinstance(heard, Proposed)
    assert heard.starts_at == starts_at
    assert (heard.ends_at is None) == (starts_at is None)


def test_counter_that_names_no_time_proposes_nothing() -> None:
    assert taken(mail(reply(method="METHOD:COUNTER"))).answers == ()


def test_proposal_that_ends_before_it_starts_has_no_end() -> None:
    [heard] = taken(outlook_counter(start="20261028T110000", end="20261028T100000")).answers

    assert isinstance(heard, Proposed)
    assert heard.starts_at is not None
    assert heard.ends_at is None


def test_hostile_zone_takes_no_time() -> None:
    """A rule that fires each second since 1970, and one that never fires: both are passed over for the zone's name."""
    for rule in ("FREQ=SECONDLY", "FREQ=YEARLY;BYSECOND=1,2", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=YEARLY;UNTIL=x"):
        raw = outlook_counter().replace(b"FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11", rule.encode())

        [heard] = taken(raw).answers

        assert isinstance(heard, Proposed)
        assert heard.starts_at == datetime(2026, 10, 28, 18, tzinfo=UTC)


def test_method_is_the_propertys_else_the_parameters() -> None:
    assert answered(mail(reply(method=""))) == [(ANN, "accepted", True)]
    assert answered(mail(reply(method="METHOD:REQUEST"))) == []
    assert answered(mail(reply(method="METHOD:reply"), "text/calendar; method=REQUEST")) == [(ANN, "accepted", True)]
    assert answered(mail(reply(method=""), "text/calendar")) == []


@pytest.mark.parametrize("kind", ["application/ics; name=invite.ics", "TEXT/Calendar; METHOD=reply"])
def test_calendar_part_is_found_wherever_it_stands(kind: str) -> None:
    inner = f"--b2\nContent-Type: text/plain\n\nHello\n--b2\nContent-Type: {kind}\n\n{reply()}\n--b2--\n"
    raw = several(("text/plain", "Hello\n"), ('multipart/related; boundary="b2"', inner))

    assert answered(raw) == [(ANN, "accepted", True)]


def test_attendee_in_punycode_is_known_as_it_is_read_too() -> None:
    [heard] = taken(mail(reply(attendee="mailto:jorg@xn--bcher-kva.example"))).answers

    assert heard.addresses == {ANN, "jorg@xn--bcher-kva.example", "jorg@bücher.example"}


def test_answer_of_several_people_is_none() -> None:
    assert answered(mail(reply(more="ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com"))) == []


def test_answer_without_an_attendee_says_nothing() -> None:
    assert answered(mail(reply().replace("ATTENDEE;PARTSTAT=ACCEPTED", "X-NOBODY"))) == []


@pytest.mark.parametrize("answer", ["NEEDS-ACTION", "DELEGATED", "", "COMPLETED"])
def test_only_yes_no_and_maybe_are_answers(answer: str) -> None:
    assert answered(mail(reply(answer))) == []


def test_several_events_are_several_answers() -> None:
    both = reply() + reply("DECLINED", uid="inv-another")

    assert [it[1] for it in answered(mail(both))] == ["accepted", "declined"]


def test_properties_of_an_alarm_are_none_of_the_events() -> None:
    alarm = "BEGIN:VALARM\nATTENDEE:mailto:bob@example.com\nEND:VALARM"

    assert answered(mail(reply(more=alarm))) == [(ANN, "accepted", True)]


@pytest.mark.parametrize(
    ("sequence", "number"), [("SEQUENCE:3", 3), ("", None), ("SEQUENCE:-1", None), (f"SEQUENCE:{'9' * 40}", None)]
)
def test_sequence_is_a_number_or_missing(sequence: str, number: int | None) -> None:
    [heard] = taken(mail(reply(sequence=sequence))).answers

    assert heard.sequence == number


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("DTSTAMP:20261122T105959Z", datetime(2026, 11, 22, 10, 59, 59, tzinfo=UTC)),
        ("", datetime(2026, 11, 22, 11, tzinfo=UTC)),
        ("DTSTAMP:never", datetime(2026, 11, 22, 11, tzinfo=UTC)),
        ("DTSTAMP:20370101T000000Z", NOW),
    ],
)
def test_stamp_is_its_own_else_the_mails_date_and_never_later_than_now(stamp: str, at: datetime) -> None:
    [heard] = taken(mail(reply(stamp=stamp))).answers

    assert heard.stamped_at == at


def test_answer_in_a_mail_without_a_date_is_of_now() -> None:
    raw = mail(reply(stamp="")).replace(b"Date: Sun, 22 Nov 2026 12:00:00 +0100", b"Date: yesterday")

    assert taken(raw).answers[0].stamped_at == NOW


def test_comment_is_plain_text_of_a_sane_length() -> None:
    comment = "COMMENT:<b>Hi</b>\\, Tara\\;\\nlate\x07\x00\u202e" + "x" * 5000

    [heard] = taken(mail(reply(more=comment))).answers

    assert heard.comment.startswith("<b>Hi</b>, Tara;\nlate")
    assert len(heard.comment) == 1000
    assert "\x07" not in heard.comment


def test_text_of_the_mail_is_no_comment() -> None:
    assert taken(mails.google()).answers[0].comment == ""


def test_part_in_latin_letters_is_read_as_it_says() -> None:
    raw = mail(reply(more="COMMENT:Größe"), "text/calendar; method=REPLY; charset=iso-8859-1")

    [heard] = taken(raw.decode().encode("iso-8859-1")).answers

    assert heard.comment == "Größe"


def test_enclosed_mail_is_not_opened() -> None:
    assert taken(several(("message/rfc822", mail(reply()).decode()))).answers == ()
