"""What other programs make of a calendar: each reader tells what it sees, in the same words."""

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import icalendar
import pytest
import recurring_ical_events

_ICAL_JS = """
const { default: ICAL } = await import(process.argv[1]);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const calendar = new ICAL.Component(ICAL.parse(Buffer.concat(chunks).toString("utf8")));
const seen = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return [event.uid, event.startDate.toJSDate().toISOString(), event.endDate.toJSDate().toISOString(),
          event.summary, component.getFirstPropertyValue("status"), event.sequence];
});
console.log(JSON.stringify(seen));
"""


class Seen(NamedTuple):
    """One call as a reader shows it."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    status: str
    sequence: int


def by_icalendar(ics: bytes) -> list[Seen]:
    """icalendar, in the order of the text."""
    return [_seen(event) for event in icalendar.Calendar.from_ical(ics).walk("VEVENT")]


def by_recurring_ical_events(ics: bytes) -> list[Seen]:
    """recurring-ical-events, asked for two years."""
    calendar = icalendar.Calendar.from_ical(ics)
    return sorted((_seen(event) for event in recurring_ical_events.of(calendar).between(2026, 2028)), key=_place)


def has_ical_js() -> bool:
    """Whether node and the npm package `ical.js` are there."""
    return shutil.which("node") is not None and _ical_js().exists()


def by_ical_js(ics: bytes) -> list[Seen]:
    """ical.js, Thunderbird's reader, where node and the npm package `ical.js` are there."""
    module = _ical_js()
    if not has_ical_js():
        pytest.skip("needs node, and CALLS_TESTS_NODE_MODULES naming a node_modules folder with ical.js in it")
    command = ["node", "--input-type=module", "-e", _ICAL_JS, module.as_uri()]
    answer = subprocess.run(command, input=ics, capture_output=True, check=True, timeout=60)
    return [
        Seen(uid, datetime.fromisoformat(starts), datetime.fromisoformat(ends), summary, status, sequence)
        for uid, starts, ends, summary, status, sequence in json.loads(answer.stdout)
    ]


def _ical_js() -> Path:
    return Path(os.environ.get("CALLS_TESTS_NODE_MODULES", "node_modules"), "ical.js", "dist", "ical.js").absolute()


def _seen(event: icalendar.Component) -> Seen:
    starts_at, ends_at = event.decoded("DTSTART"), event.decoded("DTEND")
    sequence = event.decoded("SEQUENCE")
    return Seen(str(event["UID"]), starts_at, ends_at, str(event["SUMMARY"]), str(event.get("STATUS", "")), sequence)


def _place(seen: Seen) -> tuple[datetime, str]:
    return seen.starts_at, seen.uid
