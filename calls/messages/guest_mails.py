"""The mails to guests, and to the host's side about guests: part of the table of all mails.

What a guest is told of her own doing (she chose, agreed, gave back) comes whatever she has silenced; all else is stilled by it.
"""

from calls.messages.mail import Mail

PERSON = ("name", "show", "host", "by", "by_address", "page")
ASKING = (*PERSON, "words", "asked", "offered")
DATE = (*PERSON, "day", "when", "your_time")
CALL = (*DATE, "starts_in", "way_in", "green_room", "trouble", "check")
HELD = (*DATE, "held_until", "approval", "answers")
NEWS_OF = (*CALL, "news", "held", "answers")


def _guests(label: str, placeholders: tuple[str, ...], *, is_asked: bool = False, has_calendar: bool = True) -> Mail:
    return Mail(label, placeholders, "never" if is_asked else "all", has_calendar=has_calendar, is_editable=False)


def _hosts(label: str, *placeholders: str) -> Mail:
    return Mail(label, ("name", "guest", "show", "day", "when", *placeholders), "never", is_editable=False)


TO_GUESTS = {
    "guest_invited": _guests("Invitation to a guest", ASKING, has_calendar=False),
    "guest_asked_again": _guests("Invitation to a guest, once more", ASKING, has_calendar=False),
    "guest_date_held": _guests("Date held for a guest", HELD, is_asked=True),
    "guest_step_in": _guests("Understudy asked to step in", (*HELD, "words")),
    "guest_still_held": _guests("Date still held for a guest", HELD),
    "guest_confirmed": _guests("Agreement with a guest", (*CALL, "agreement", "missing"), is_asked=True),
    "guest_hold_lapsed": _guests("Hold let go", DATE),
    "guest_declined": _guests("Guest gave the date back", DATE, is_asked=True),
    "guest_cancelled": _guests("Guest’s date cancelled by you", (*DATE, "reason")),
    "guest_replaced": _guests("Guest replaced by the understudy", DATE),
    "guest_withdrawn": _guests("Invitation withdrawn", DATE),
    "guest_call_moved": _guests("Guest’s call moved", (*NEWS_OF, "was")),
    "guest_call_changed": _guests("Guest’s call changed", NEWS_OF),
    "guest_call_cancelled": _guests("Guest’s call cancelled", (*DATE, "reason")),
    "guest_call_restored": _guests("Guest’s call takes place after all", NEWS_OF),
    "guest_time_stays": _guests("Another time of a guest refused", (*DATE, "trouble", "proposed"), is_asked=True),
    "guest_prep_missing": _guests("Prep still missing", (*CALL, "missing", "prep"), has_calendar=False),
    "guest_still_on": _guests("Are you still on?", (*CALL, "run_sheet"), has_calendar=False),
    "guest_trouble_noted": _guests("Guest’s problem noted", (*CALL, "said"), is_asked=True, has_calendar=False),
    "guest_kit": _guests("Kit for a guest", (*CALL, "kit", "link"), has_calendar=False),
    "guest_thanks": _guests("Thanks to a guest", (*DATE, "show_day", "result"), has_calendar=False),
}
TO_HOSTS = {
    "host_guest_chose": _hosts("A guest chose a date", "held_until", "approval", "approve", "button"),
    "host_guest_confirmed": _hosts("A guest is confirmed", "agreement", "topic", "missing", "call_page"),
    "host_guest_declined": _hosts("A guest said no", "reason", "guest_page"),
    "host_guest_cancelled": _hosts("A confirmed guest cannot come", "reason", "registered", "understudy", "swap", "button"),
    "host_guest_trouble": _hosts("A guest has a problem", "said", "reach", "understudy", "swap", "button"),
    "host_hold_lapsed": _hosts("A hold ran out", "next", "call_page"),
    "host_guest_asked_date": _hosts("A guest asks for another date", "said", "guest_address", "guest_page"),
}
GUEST_NEWS = "guest_news"
# What ends a booking for the guest, by the state that it ended in.
ENDINGS = {
    "lapsed": ("guest_hold_lapsed",),
    "declined": ("guest_declined",),
    "cancelled": ("guest_cancelled", "guest_replaced", "guest_withdrawn"),
}
FIRSTS = ("guest_date_held", "guest_step_in")
REFUSAL = "guest_time_stays"
STILL_HELD = "guest_still_held"
# Of an invitation and no booking.
ASKINGS = ("guest_invited", "guest_asked_again")
REMINDERS = ("guest_prep_missing", "guest_still_on", "guest_kit")
THANKS = "guest_thanks"
