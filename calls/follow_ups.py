"""What follows from each change: one table, and the function that works through it.

Messages go into the outbox in the same transaction that marks a step done; nothing is sent here.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from calls.history.models import Change
from calls.steps.answers import write_refusal, write_test
from calls.steps.bookings import mind_holds
from calls.steps.guests import (
    ask_again,
    invite,
    open_booking,
    raise_booking,
    tell_guests,
    tell_hosts,
    tell_hosts_of_no,
    tell_hosts_of_yes,
    write_cancelled,
    write_held,
    write_to_guest,
)
from calls.steps.holders import admit_holders, invite_holder, invite_holders, tell_holders, write_to_holder
from calls.steps.kits import open_kit, renew_pages
from calls.steps.merged import move_what_hangs
from calls.steps.news import asking_anew, take_name_as_told, tell_call, tell_call_singly, tell_shifted, tell_show
from calls.steps.registered import open_entry, raise_entry, withdraw_feed, write, write_anew
from calls.steps.step import Step

FOLLOW_UPS: dict[str, Sequence[Step]] = {
    "account.opened": [],
    "account.renamed": [],
    "attendee.address_changed": [withdraw_feed, write_anew],
    "attendee.bounced": [],
    "attendee.changed": [],
    "booking.accepted": [tell_hosts_of_yes],
    "booking.answered": [],
    "booking.approved": [],
    "booking.cancelled": [raise_booking, write_cancelled],
    "booking.checked_in": [],
    "booking.chosen": [open_booking, write_held, tell_hosts("host_guest_chose")],
    "booking.confirmed": [
        raise_booking,
        open_kit,
        write_to_guest("guest_confirmed"),
        tell_hosts("host_guest_confirmed"),
    ],
    "booking.declined": [raise_booking, write_to_guest("guest_declined"), tell_hosts_of_no],
    "booking.lapsed": [raise_booking, write_to_guest("guest_hold_lapsed"), tell_hosts("host_hold_lapsed")],
    "booking.troubled": [write_to_guest("guest_trouble_noted"), tell_hosts("host_guest_trouble")],
    "busy_calendar.failed": [],
    "busy_calendar.set": [],
    "busy_calendar.taken_away": [],
    "calendar_test.answered": [],
    "calendar_test.changed": [write_test("calendar_test_changed")],
    "calendar_test.ended": [write_test("calendar_test_cancelled")],
    "calendar_test.seen": [],
    "calendar_test.started": [write_test("calendar_test_invited")],
    "call.added": [admit_holders, invite_holders],
    "call.answered": [],
    "call.cancelled": [mind_holds, asking_anew(tell_call), tell_guests],
    "call.capacity_set": [],
    "call.changed": [],
    "call.clock_moved": [mind_holds, asking_anew(tell_call_singly), tell_guests],
    "call.guest_changed": [tell_call],
    "call.guest_named": [take_name_as_told],
    "call.guest_places_set": [],
    "call.guest_swapped": [],
    "call.moved": [mind_holds, asking_anew(tell_call), tell_guests],
    "call.proposal_refused": [write_refusal],
    "call.restored": [asking_anew(tell_call), tell_guests],
    "call.skipped": [mind_holds, asking_anew(tell_call), tell_guests],
    "call.time_proposed": [],
    "call.way_in_changed": [tell_call, tell_guests],
    "guest.added": [],
    "guest.bounced": [],
    "guest.changed": [renew_pages],
    "guest.imported": [],
    "guest.merged": [move_what_hangs, renew_pages],
    "guest.moved": [],
    "guest.silenced": [],
    "guest.unsilenced": [],
    "invitation.date_asked": [tell_hosts("host_guest_asked_date")],
    "invitation.declined": [tell_hosts("host_guest_declined")],
    "invitation.lapsed": [],
    "invitation.nudged": [ask_again],
    "invitation.opened": [],
    "invitation.passed_on": [],
    "invitation.sent": [invite],
    "invitation.withdrawn": [],
    "member.renamed": [],
    "member.signed_in": [],
    "member.signed_out": [],
    "message.tried_again": [],
    "open_hours.closed": [],
    "open_hours.set": [],
    "pass.asked_again": [write_to_holder("pass_confirmed")],
    "pass.cancelled": [write_to_holder("pass_cancelled")],
    "pass.passed_over": [],
    "pass.taken": [write_to_holder("pass_confirmed"), invite_holder],
    "pending.asked": [],
    "pending.refused": [],
    "pending.undone": [],
    "picture.removed": [],
    "picture.set": [],
    "prep.completed": [],
    "prep.consented": [],
    "prep.handed_on": [],
    "prep.saved": [],
    "prep.taken_back": [],
    "registration.asked_again": [write("registration_confirmed")],
    "registration.cancelled": [raise_entry, write("registration_cancelled")],
    "registration.confirmed": [open_entry, write("registration_confirmed")],
    "registration.moved": [raise_entry, write("registration_moved")],
    "registration.removed": [raise_entry, write("registration_removed")],
    "reminders.set": [],
    "share.named": [],
    "show.changed": [],
    "show.clocks_moved": [tell_holders("schedule_changed")],
    "show.created": [],
    "show.laid_out": [admit_holders],
    "show.published": [],
    "show.rescheduled": [
        mind_holds,
        admit_holders,
        asking_anew(tell_shifted),
        tell_holders("schedule_changed"),
        tell_guests,
    ],
    "show.way_in_changed": [tell_show, tell_guests],
    "sign_in.asked": [],
    "sign_in.ended": [],
    "silence.lifted": [],
    "silence.set": [],
    "terms.set": [],
    "understudy.named": [],
    "wish.proposed": [],
    "wish.put_on_bench": [],
    "wish.refused": [],
    "wish.shown": [],
    "wish.voted": [],
    "words.reset": [],
    "words.set": [],
}


def follow_up(session: Session, change: Change, now: datetime) -> None:
    """Take the next step of a change, or as many as write nothing large; mark it followed up after the last."""
    steps = FOLLOW_UPS[change.kind]
    while change.step < len(steps):
        change.cursor = steps[change.step](session, change, change.cursor, now)
        if change.cursor is not None:
            return
        change.step += 1
    change.followed_up_at = now
