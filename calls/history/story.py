"""Each kind of change as a sentence for whoever reads the history: one table."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from calls.ground import when, zones
from calls.ground.text import clean_line, count, excerpt, in_words
from calls.history import stories_bench, stories_booking, stories_guests, stories_prep, stories_wishes
from calls.history.stories_open_hours import OPEN_HOURS

Facts = Mapping[str, Any]

PENDING = {
    "move": "moving the call",
    "cancel": "cancelling the call",
    "restore": "restoring the call",
    "skip": "leaving this date out",
    "guest": "another guest",
    "way_in": "another way in",
    "share_way_in": "the show’s way in again",
    "swap": "the understudy stepping in",
    "extra": "an extra date",
    "reschedule": "another schedule",
}


def sentence(kind: str, facts: Facts) -> str:
    """What was done, without who and when."""
    said = SENTENCES[kind]
    return said if isinstance(said, str) else said(facts)


def _moved(facts: Facts) -> str:
    zone = facts["zone"]
    was, to = (_moment(facts[it], zone) for it in ("was", "to"))
    if was == to:
        return f"Set to {facts['minutes']} minutes, at {to} {zones.time_name(zone)}."
    return f"Moved from {was} to {to}, {zones.time_name(zone)}."


def _clock_moved(facts: Facts) -> str:
    return f"The clock rules of {zones.city(facts['zone'])} changed. {_moved(facts)}"


def _clocks_moved(facts: Facts) -> str:
    moved = count(len(facts["moved"]), "one call starts", "{n} calls start")
    places = in_words(facts["places"])
    return f"The clock rules of {places} changed: {moved} at another moment, by the clocks there at the same hour."


def _moment(iso: str, zone: str) -> str:
    moment = datetime.fromisoformat(iso)
    return f"{when.short_day(moment, zone)}, {when.clock(moment, zone)}"


def _cancelled(facts: Facts) -> str:
    reason = excerpt(facts.get("reason", ""), 200)
    return f"Cancelled: {reason}" if reason else "Cancelled."


def _guest_changed(facts: Facts) -> str:
    was, to = clean_line(facts["was"]), clean_line(facts["to"])
    if not to:
        return f"Took the guest {was} off."
    return f"Changed the guest from {was} to {to}." if was else f"Named the guest: {to}."


def _capacity_set(facts: Facts) -> str:
    return f"Changed the seats from {facts['was']:,} to {facts['to']:,}."


def _renamed(facts: Facts) -> str:
    return f"Changed the name from {clean_line(facts['was'])} to {clean_line(facts['name'])}."


def _answered(facts: Facts) -> str:
    said = {"accepted": "Yes", "tentative": "Maybe", "declined": "No"}[facts["answer"]]
    return f"Said {said} {'in the calendar' if facts['way'] == 'mail' else 'by the link in a mail'}."


def _time_proposed(facts: Facts) -> str:
    if not facts["starts_at"]:
        return f"Proposed another time: {clean_line(facts['words']) or 'one that could not be read'}."
    return f"Proposed another time: {_moment(facts['starts_at'], facts['zone'])}, {zones.time_name(facts['zone'])}."


def _signed(what: str) -> Callable[[Facts], str]:
    return lambda facts: f"{what} {clean_line(facts['browser'])}."


def _rescheduled(facts: Facts) -> str:
    moved = count(len(facts.get("moved", ())), "one call moved", "{n} calls moved")
    vanished = count(len(facts.get("vanished", ())), "one left out", "{n} left out")
    return f"Changed the schedule: {moved}, {vanished}."


def _asked(facts: Facts) -> str:
    return f"Asked for {PENDING[facts['kind']]}, with ten minutes for Undo."


def _undone(facts: Facts) -> str:
    return f"Took back {PENDING[facts['kind']]}. Nobody had heard of it."


def _refused(facts: Facts) -> str:
    return f"Did not take effect, {PENDING[facts['kind']]}: {clean_line(facts['why'])}"


def _words(done: str) -> Callable[[Facts], str]:
    return lambda facts: f"{done}: {clean_line(facts['label'])}."


SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    **OPEN_HOURS,
    "account.opened": "Opened the account.",
    "account.renamed": _renamed,
    "attendee.address_changed": "Changed the e-mail address.",
    "attendee.bounced": "A mail came back: the address takes none.",
    "attendee.changed": "Changed name, zone or calendar.",
    "calendar_test.answered": "Heard a calendar’s answer to the calendar test.",
    "calendar_test.changed": "Moved the entry of the calendar test.",
    "calendar_test.ended": "Ended the calendar test.",
    "calendar_test.seen": "Said what the calendar test showed.",
    "calendar_test.started": "Started a calendar test.",
    "call.added": "Added as an extra date.",
    "call.answered": _answered,
    "call.cancelled": _cancelled,
    "call.capacity_set": _capacity_set,
    "call.changed": "Changed title or description.",
    "call.clock_moved": _clock_moved,
    "call.guest_changed": _guest_changed,
    "call.moved": _moved,
    "call.proposal_refused": "Kept the time, and refused another that was proposed.",
    "call.restored": "Restored.",
    "call.skipped": "Left this date out.",
    "call.time_proposed": _time_proposed,
    "call.way_in_changed": "Changed the way in.",
    "member.renamed": _renamed,
    "member.signed_in": _signed("Signed in with"),
    "member.signed_out": _signed("Signed out of"),
    "message.tried_again": "Tried a mail again that had failed.",
    "pass.asked_again": "Asked for the mail about all calls again.",
    "pass.cancelled": "Gave the registration for all calls back.",
    "pass.passed_over": "No seat was left for somebody who is registered for all calls.",
    "pass.taken": "Registered for all calls.",
    "pending.asked": _asked,
    "pending.refused": _refused,
    "pending.undone": _undone,
    "registration.asked_again": "Asked for the confirmation again.",
    "registration.cancelled": "Cancelled a registration.",
    "registration.confirmed": "Registered.",
    "registration.moved": "Moved a registration here from another date.",
    "registration.removed": "Took somebody off the call.",
    "reminders.set": "Chose the reminders.",
    "show.changed": "Changed the show’s details.",
    "show.clocks_moved": _clocks_moved,
    "show.created": "Made the show.",
    "show.laid_out": "Laid out more dates.",
    "show.published": "Published the show.",
    "show.rescheduled": _rescheduled,
    "show.way_in_changed": "Changed the way in to all calls.",
    "sign_in.asked": "Asked for a sign-in link.",
    "sign_in.ended": _signed("Ended the sign-in of"),
    "silence.lifted": "Let mails come again.",
    "silence.set": "Stopped mails.",
    "words.reset": _words("Went back to our words"),
    "words.set": _words("Wrote own words"),
    **stories_bench.SENTENCES,
    **stories_guests.SENTENCES,
    **stories_prep.SENTENCES,
    **stories_booking.SENTENCES,
    **stories_wishes.SENTENCES,
}
