"""The acceptance cases of the design (calendars.md, section 7) that the text alone can meet, and the readers that judge them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from calls.calendars import ical
from tests.calendars import readers
from tests.calendars.feeds import HOSTILE_TITLE, elsewhere
from tests.calendars.grammar import check_feed
from tests.calendars.happenings import LATER, a_calendar, a_happening, series_s, utc, vevents

READERS = [readers.by_icalendar, readers.by_recurring_ical_events, readers.by_ical_js]

HOSTILE_NAME = "Ask\r\nBEGIN:VEVENT\x00"


def starts(ics: bytes) -> list[datetime]:
    return [seen.starts_at for seen in readers.by_icalendar(ics)]


def test_case_1_series_is_eight_single_calls_in_utc() -> None:
    ics = ical.feed(a_calendar(), series_s())

    seen = readers.by_icalendar(ics)
    expected = [utc(f"2026-10-{day} 16:00") for day in (14, 21, 28)]
    expected += [utc(f"2026-{day} 17:00") for day in ("11-04", "11-11", "11-18", "11-25", "12-02")]
    assert [each.starts_at for each in seen] == expected
    assert {each.ends_at - each.starts_at for each in seen} == {timedelta(hours=1)}
    assert [each.sequence for each in seen] == [0] * 8
    assert len({each.uid for each in seen}) == 8
    assert check_feed(ics) == []


def test_case_2_call_skipped_before_publication_is_absent() -> None:
    ics = ical.feed(a_calendar(), [call for call in series_s() if call.starts_at.date() != date(2026, 11, 25)])

    assert [start.date() for start in starts(ics)].count(date(2026, 11, 25)) == 0
    assert len(starts(ics)) == 7
    assert check_feed(ics) == []


def test_case_3_call_skipped_after_publication_stands_cancelled() -> None:
    calls = series_s()
    calls[6] = replace(calls[6], is_cancelled=True, sequence=1, revised_at=LATER)

    ics = ical.feed(a_calendar(), calls)

    seen = readers.by_icalendar(ics)
    assert len(seen) == 8
    assert seen[6] == readers.Seen(
        "occ-2026-11-25@calls.example",
        utc("2026-11-25 17:00"),
        utc("2026-11-25 18:00"),
        "CANCELLED: Ask Tara: G1",
        "CANCELLED",
        1,
    )
    assert check_feed(ics) == []


def test_case_4_moved_call_keeps_its_uid_and_leaves_the_others_as_they_were() -> None:
    calls = series_s()
    before = vevents(ical.feed(a_calendar(), calls))
    starts_at, ends_at = utc("2026-11-12 22:00"), utc("2026-11-12 23:00")
    calls[4] = replace(calls[4], sequence=1, revised_at=LATER, starts_at=starts_at, ends_at=ends_at)

    ics = ical.feed(a_calendar(), calls)

    after = vevents(ics)
    assert before.keys() == after.keys()
    assert [uid for uid in before if before[uid] != after[uid]] == ["occ-2026-11-11@calls.example"]
    moved = readers.by_icalendar(ics)[4]
    assert (moved.uid, moved.starts_at, moved.ends_at, moved.sequence) == ("occ-2026-11-11@calls.example", starts_at, ends_at, 1)
    assert b"LAST-MODIFIED:20261020T090000Z" in after["occ-2026-11-11@calls.example"]
    assert check_feed(ics) == []


def test_case_5_call_moved_past_its_neighbour_stands_in_its_new_place() -> None:
    calls = series_s()
    calls[4] = replace(calls[4], sequence=1, revised_at=LATER, starts_at=utc("2026-11-20 17:00"), ends_at=utc("2026-11-20 18:00"))

    ics = ical.feed(a_calendar(), calls)

    assert starts(ics)[4:6] == [utc("2026-11-18 17:00"), utc("2026-11-20 17:00")]
    assert check_feed(ics) == []


def test_case_6_other_guest_changes_the_title_and_not_the_time() -> None:
    calls = series_s()
    calls[2] = replace(calls[2], sequence=1, revised_at=LATER, summary="Ask Tara: Dóra Škvorecká 山田")

    ics = ical.feed(a_calendar(), calls)

    changed = readers.by_icalendar(ics)[2]
    assert (changed.summary, changed.sequence) == ("Ask Tara: Dóra Škvorecká 山田", 1)
    assert starts(ics) == starts(ical.feed(a_calendar(), series_s()))
    assert check_feed(ics) == []


@pytest.mark.parametrize("read", READERS, ids=lambda reader: reader.__name__)
def test_case_16_hostile_text_reads_back_as_it_was_typed(read: Any) -> None:
    calls = [a_happening(summary=HOSTILE_TITLE), a_happening("2026-10-21 16:00", summary=r"C:\New \n \\N")]

    ics = ical.feed(a_calendar(name=HOSTILE_NAME), calls)

    assert [seen.summary for seen in read(ics)] == [HOSTILE_TITLE, r"C:\New \n \\N"]
    assert ics.count(b"\r\nBEGIN:VEVENT\r\n") == 2
    assert b"\r\nNAME:Ask\\nBEGIN:VEVENT\r\n" in ics
    assert check_feed(ics) == []


def test_case_16_and_17_bytes_are_the_same_in_every_process() -> None:
    program = (
        "import sys; from calls.calendars import ical; from tests.calendars import happenings, test_cases;"
        "title = test_cases.HOSTILE_TITLE; calls = [happenings.a_happening(summary=title), *happenings.series_s()[1:]];"
        "sys.stdout.buffer.write(ical.feed(happenings.a_calendar(name=test_cases.HOSTILE_NAME), calls))"
    )
    ways = [("0", ()), ("1", ()), ("4294967295", ()), ("2", ("-O",))]

    renders = {elsewhere(program, seed=seed, flags=flags) for seed, flags in ways}

    here = ical.feed(a_calendar(name=HOSTILE_NAME), [a_happening(summary=HOSTILE_TITLE), *series_s()[1:]])
    assert renders == {here}


def test_case_18_feed_names_nobody() -> None:
    text = "Write to tara@example.org, or <ben.o'hara+1@bücher.example>; not @tara, not 5@6."

    ics = ical.feed(
        a_calendar(name=text, description=text), [a_happening(summary=text, description=text, location=text, categories=(text,))]
    )

    spelled = "Write to tara at example.org, or <ben.o'hara+1 at bücher.example>; not @tara, not 5@6."
    assert readers.by_icalendar(ics)[0].summary == spelled
    assert check_feed(ics) == []


def test_case_19_call_that_cannot_be_written_is_left_out_and_reported() -> None:
    calls = series_s()
    good = ical.feed(a_calendar(), [calls[0], calls[7]])
    calls[1] = replace(calls[1], ends_at=calls[1].starts_at)
    calls[2] = replace(calls[2], starts_at=calls[2].starts_at.replace(tzinfo=None))
    calls[3] = replace(calls[3], uid=" ")
    calls[4] = replace(calls[4], sequence=-1)
    calls[5] = replace(calls[5], summary=None)  # type: ignore[arg-type]
    calls[6] = replace(calls[6], uid=calls[0].uid)
    faults: list[ical.Happening] = []

    ics = ical.feed(a_calendar(), calls, on_fault=lambda happening, fault: faults.append(happening))

    assert ics == good
    assert faults == calls[1:7]


@pytest.mark.parametrize("read", READERS, ids=lambda reader: reader.__name__)
def test_readers_agree_on_every_call(read: Any) -> None:
    calls = series_s()
    calls[2] = replace(calls[2], is_cancelled=True, sequence=2)
    calls[4] = replace(calls[4], sequence=1, starts_at=utc("2026-11-20 17:00"), ends_at=utc("2026-11-20 18:30"))

    seen = read(ical.feed(a_calendar(), calls))

    in_order = sorted(calls, key=lambda call: call.starts_at)
    assert seen == [
        readers.Seen(
            call.uid,
            call.starts_at,
            call.ends_at,
            f"CANCELLED: {call.summary}" if call.is_cancelled else call.summary,
            "CANCELLED" if call.is_cancelled else "CONFIRMED",
            call.sequence,
        )
        for call in in_order
    ]
