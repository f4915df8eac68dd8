"""Every mail: what it is for, what may stand in it, and which silence stills it. Its words are in templates/mails."""

from calls.messages.guest_mails import TO_GUESTS, TO_HOSTS
from calls.messages.mail import Mail

PERSON = ("name", "show", "host", "show_page")
TEST = ("name", "account", "when", "page")
CALL = (*PERSON, "call", "guest", "day", "when", "your_time", "clocks", "starts_in", "way_in", "join", "manage", "page", "feed")
INVITING = (*CALL, "answers")

MAILS = {
    "calendar_test_invited": Mail("Calendar test: invitation", TEST, "never", has_calendar=True, is_editable=False),
    "calendar_test_changed": Mail("Calendar test: update", (*TEST, "was"), "never", has_calendar=True, is_editable=False),
    "calendar_test_cancelled": Mail("Calendar test: cancellation", TEST, "never", has_calendar=True, is_editable=False),
    "sign_in": Mail("Sign-in link", ("name", "account", "sign_in"), "never", is_editable=False),
    "vote_asked": Mail("Vote for a guest", ("guest", "show", "vote"), "never", is_editable=False),
    "your_links": Mail("Find my call", ("name", "links"), "never", is_editable=False),
    "registration_confirmed": Mail("Registered for a call", INVITING, "never", has_calendar=True),
    "pass_confirmed": Mail("Registered for all calls", (*PERSON, "dates", "way_in", "manage", "feed"), "never"),
    "call_invited": Mail("Invitation in the last week (for a pass)", INVITING, has_calendar=True),
    "call_moved": Mail("Call moved", (*INVITING, "was", "news"), has_calendar=True),
    "call_clock_moved": Mail("Time-zone rules changed", (*INVITING, "news"), has_calendar=True),
    "call_changed": Mail("Guest, length or way in changed", (*INVITING, "news"), has_calendar=True),
    "call_cancelled": Mail("Call cancelled", (*CALL, "reason"), has_calendar=True),
    "call_restored": Mail("Call takes place after all", (*INVITING, "news"), has_calendar=True),
    "call_added": Mail("A date was added (for a pass)", INVITING, has_calendar=True),
    "schedule_changed": Mail("Schedule changed (for a pass)", (*PERSON, "dates", "news", "manage", "feed")),
    "registration_cancelled": Mail("Registration cancelled", (*CALL, "said_no"), "never", has_calendar=True),
    "proposal_refused": Mail("Another time refused", (*CALL, "proposed"), "never", has_calendar=True),
    "registration_removed": Mail("Taken off a call by you", CALL, has_calendar=True),
    "registration_moved": Mail("Moved to another date", INVITING, "never", has_calendar=True),
    "pass_cancelled": Mail("Pass given back", PERSON, "never"),
    "reminder": Mail("Reminder", CALL, "reminders"),
    **TO_GUESTS,
    **TO_HOSTS,
}
TESTS = ("calendar_test_invited", "calendar_test_changed", "calendar_test_cancelled")
NEWS = "news"
FIRSTS = ("registration_confirmed", "registration_moved", "call_added")
# What a reader gets shortly before a call says first when the clocks bring it to her at another hour.
WITH_CLOCKS = ("reminder", "call_invited")
WITHDRAWALS = ("registration_cancelled", "registration_removed")
NEWS_MAILS = ("call_moved", "call_clock_moved", "call_changed", "call_cancelled", "call_restored")
REFUSAL = "proposal_refused"


def may_reach(kind: str, silences: frozenset[str]) -> bool:
    """Whether somebody with these silences still gets a mail of this kind."""
    stilled_by = "all" if kind == NEWS else MAILS[kind].stilled_by
    if stilled_by == "never":
        return True
    return "all" not in silences and not (stilled_by == "reminders" and "reminders" in silences)
