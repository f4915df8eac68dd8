"""One sample or more of each page: where it is, who looks, what is sent there, and which answer is right."""

from datetime import timedelta

from tests.album.bench import DOUBLE
from tests.album.samples_asked import ASKED, HOSTING, STAYING
from tests.album.samples_prep import PREPARED
from tests.album.sampling import Form, Sample, at, call, guest, link, message, public, show

BEFORE, DURING, AFTER = timedelta(days=2, hours=10), timedelta(days=2, hours=12, minutes=10), timedelta(days=3)
SHOW: Form = {
    "name": "Night Owls",
    "first_day": "2026-12-05",
    "first_time": "22:30",
    "zone": "Europe/Lisbon",
    "minutes": "50",
    "repeats": "weekly",
    "days": ["SA", "SU"],
    "every": "2",
    "ends": "open",
    "phone": "+351 210 000 000",
    "code": "12345#",
    "web_link": "https://meet.example.com/owls",
}
RULE = {
    "first_day": "2026-11-25",
    "first_time": "20:00",
    "zone": "America/New_York",
    "minutes": "60",
    "repeats": "weekly",
    "days": "WE",
}
RULE |= {"every": "1", "ends": "open"}
ABROAD = RULE | {"zone": "Asia/Kolkata"}
ABROAD_AT_ONCE = ABROAD | {"keep": "moment"}
REGISTERING = {"name": "Nils", "email": "nils@example.org", "zone": "Europe/Oslo", "question": "", "website": ""}

PEOPLE = "Name,E-mail\nAnn,ann@example.com\nKeiko,keiko@example.jp\nBad,nope\n" + "".join(f"Person {it}\n" for it in range(60))
KNOWN = {"name": "K", "email": "keiko@example.jp"}


PUBLIC = (
    Sample("front", "/", at("/")),
    Sample("show", "/{slug}", at("/ask-tara")),
    Sample("show, wrong form", "/{slug}", at("/ask-tara"), status=422, form={"name": "", "email": "nobody", "call": "x"}),
    Sample("show, draft", "/{slug}", at("/quiet-hour"), "owner"),
    Sample("call", "/{slug}/{address}", public(3)),
    Sample("call, wrong form", "/{slug}/{address}", public(3), status=422, form={"name": "", "email": "", "zone": "Nowhere"}),
    Sample("call, moved", "/{slug}/{address}", public(1)),
    Sample("call, full", "/{slug}/{address}", public(2)),
    Sample("call, cancelled", "/{slug}/{address}", public(5)),
    Sample("call, live", "/{slug}/{address}", public(0), later=DURING),
    Sample("call, over", "/{slug}/{address}", public(0), later=AFTER),
    Sample("thanks", "/{slug}/thanks", public(3), form=REGISTERING | {"call": ""}),
    Sample("thanks, all calls", "/{slug}/thanks", public(3), form=REGISTERING | {"call": "all"}),
    Sample("thanks, nothing remembered", "/{slug}/thanks", at("/ask-tara/thanks"), "newcomer"),
    Sample("find", "/find", at("/find")),
    Sample("find, wrong form", "/find", at("/find"), status=422, form={"email": "ann@"}),
    Sample("find, sent", "/find", at("/find"), form={"email": "ann@example.org"}),
    Sample("answer", "/a/{token}", link("yes")),
    Sample("answer, none", "/a/{token}", link("yes"), status=422, form={"answer": ""}),
    Sample("answer, moved meanwhile", "/a/{token}", link("yes"), status=409, form={"answer": "accepted", "starts_at": "x"}),
    Sample("answer, over", "/a/{token}", link("yes"), later=AFTER),
    Sample("answer, cancelled", "/a/{token}", link("yes cancelled")),
    Sample("answer, given back", "/a/{token}", link("yes given back")),
    Sample("mails", "/unsubscribe/{token}", link("mails")),
    Sample("mails, no reminders", "/unsubscribe/{token}", link("no reminders")),
    Sample("mails, none", "/unsubscribe/{token}", link("no mails")),
)
OWN = (
    Sample("join, early", "/j/{token}", link("join")),
    Sample("join, open", "/j/{token}", link("join"), later=DURING),
    Sample("join, dialling", "/j/{token}", link("join"), form={"way": "phone"}, later=DURING),
    Sample("join, too early", "/j/{token}", link("join"), status=409, form={"way": "phone"}),
    Sample("join, over", "/j/{token}", link("join"), later=AFTER),
    Sample("join, cancelled", "/j/{token}", link("join cancelled")),
    Sample("join, given back", "/j/{token}", link("join given back")),
    Sample("own", "/r/{token}", link("own")),
    Sample("own, done", "/r/{token}", link("own", "?done=asked")),
    Sample("own, no question", "/r/{token}", link("own", "/question"), status=422, form={"question": " "}),
    Sample("own, over", "/r/{token}", link("own"), later=AFTER),
    Sample("own, full", "/r/{token}", link("own full")),
    Sample("own, cancelled", "/r/{token}", link("own cancelled")),
    Sample("own, given back", "/r/{token}", link("own given back")),
    Sample("pass", "/r/{token}", link("pass")),
    Sample("pass, given back", "/r/{token}", link("pass given back")),
    Sample("giving back", "/r/{token}/cancellation", link("own", "/cancellation")),
    Sample("giving the pass back", "/r/{token}/cancellation", link("pass", "/cancellation")),
    Sample("date", "/r/{token}/date", link("own", "/date")),
    Sample("date, wrong form", "/r/{token}/date", link("own", "/date"), status=422, form={"call": "never"}),
    Sample("person", "/r/{token}/person", link("own", "/person")),
    Sample("person, wrong form", "/r/{token}/person", link("own", "/person"), status=422, form={"name": "", "zone": "x"}),
    Sample("address", "/r/{token}/address", link("own", "/address")),
    Sample("address, wrong form", "/r/{token}/address", link("own", "/address"), status=422, form={"email": "@"}),
    Sample("address, changed", "/r/{token}/address", link("pass given back", "/address"), form={"email": "pia@example.net"}),
)
SIGN_IN = (
    Sample("sign in", "/sign-in", at("/sign-in")),
    Sample("sign in, left", "/sign-in", at("/sign-in?left")),
    Sample("sign in, wrong form", "/sign-in", at("/sign-in"), status=422, form={"email": "tara"}),
    Sample("sign in, asked", "/sign-in", at("/sign-in"), form={"email": "tara@example.com"}),
    Sample("sign in, link", "/sign-in/{token}", lambda scene: scene.sign_in_path("tara@example.com")),
    Sample("sign in, link gone", "/sign-in/{token}", at("/sign-in/nothing"), status=404),
)
SHOWS = (
    Sample("board", "/host", at("/host"), "owner"),
    Sample("board, today", "/host", at("/host?done=undone"), "owner", later=BEFORE),
    Sample("board, live", "/host", at("/host"), "leader", later=DURING),
    Sample("board, empty", "/host", at("/host"), "newcomer"),
    Sample("shows", "/host/shows", at("/host/shows"), "owner"),
    Sample("shows, none", "/host/shows", at("/host/shows"), "newcomer"),
    Sample("new show", "/host/shows/new", at("/host/shows/new"), "newcomer"),
    Sample("new show, wrong form", "/host/shows/new", at("/host/shows/new"), "owner", 422, {"name": "", "repeats": "rule"}),
    Sample("new show, preview", "/host/shows/new", at("/host/shows/new"), "owner", form={**SHOW, "deed": "look"}),
    Sample("show of a host", "/host/shows/{show_id}", show("?done=sent"), "owner"),
    Sample("show of a host, draft", "/host/shows/{show_id}", lambda scene: f"/host/shows/{scene.draft}", "owner"),
    Sample("show of a host, later", "/host/shows/{show_id}", show("?page=2"), "leader"),
    Sample("show, past calls", "/host/shows/{show_id}/past", show("/past"), "owner", later=AFTER),
    Sample("show, no past calls", "/host/shows/{show_id}/past", show("/past"), "owner"),
    Sample("show, words", "/host/shows/{show_id}/words", show("/words"), "owner"),
    Sample("show, wrong words", "/host/shows/{show_id}/words", show("/words"), "owner", 422, {"name": "", "capacity": "0"}),
    Sample("schedule", "/host/shows/{show_id}/schedule", show("/schedule"), "owner"),
    Sample("schedule, wrong form", "/host/shows/{show_id}/schedule", show("/schedule"), "owner", 422, RULE | {"minutes": "1"}),
    Sample("schedule, preview", "/host/shows/{show_id}/schedule", show("/schedule"), "owner", form=RULE),
    Sample("schedule, other zone", "/host/shows/{show_id}/schedule", show("/schedule"), "owner", 422, ABROAD),
    Sample("schedule, same moments", "/host/shows/{show_id}/schedule", show("/schedule"), "owner", form=ABROAD_AT_ONCE),
    Sample("extra date", "/host/shows/{show_id}/extra", show("/extra"), "owner"),
    Sample("extra date, wrong form", "/host/shows/{show_id}/extra", show("/extra"), "owner", 422, {"day": "1999-01-01"}),
    Sample(
        "extra date, preview",
        "/host/shows/{show_id}/extra",
        show("/extra"),
        "owner",
        form={"day": "2026-12-03", "time": "18:00", "minutes": "30"},
    ),
    Sample("skip", "/host/shows/{show_id}/skips/{day}", lambda scene: show(f"/skips/{scene.addresses[4]}")(scene), "owner"),
    Sample(
        "skip that is coming back",
        "/host/shows/{show_id}/skips/{day}",
        lambda scene: show(f"/skips/{scene.addresses[8]}")(scene),
        "owner",
    ),
    Sample("way in", "/host/shows/{show_id}/way-in", show("/way-in"), "owner"),
    Sample("way in, wrong form", "/host/shows/{show_id}/way-in", show("/way-in"), "owner", 422, {"phone": "call me"}),
    Sample("way in, preview", "/host/shows/{show_id}/way-in", show("/way-in"), "owner", form={"phone": "+1 555 010 0199"}),
)
OVERLAPPING = {"monday_1_from": "09:00", "monday_1_to": "12:00", "monday_3_from": "11:00", "monday_3_to": "", "minutes": ""}
OPEN_HOURS = (
    Sample("open hours", "/host/shows/{show_id}/open-hours", show("/open-hours?done=saved"), "owner"),
    Sample(
        "open hours, none, calendar not readable",
        "/host/shows/{show_id}/open-hours",
        lambda scene: f"/host/shows/{scene.draft}/open-hours",
        "owner",
    ),
    Sample("open hours, wrong form", "/host/shows/{show_id}/open-hours", show("/open-hours"), "owner", 422, OVERLAPPING),
    Sample(
        "busy calendar, wrong form",
        "/host/shows/{show_id}/open-hours",
        show("/open-hours/busy"),
        "owner",
        422,
        {"address": "http://localhost/busy.ics"},
    ),
)
TIME = {"day": "2026-12-16", "time": "18:00", "zone": "America/New_York", "minutes": "60"}
CHANGE = "/host/calls/{call_id}/{change}"
CALLS = (
    Sample("call of a host", "/host/calls/{call_id}", call(0), "owner"),
    Sample("call of a host, wrong form", "/host/calls/{call_id}", call(2), "owner", 422, {"capacity": "1"}),
    Sample("call of a host, moved", "/host/calls/{call_id}", call(1), "owner"),
    Sample("call of a host, cancelled", "/host/calls/{call_id}", call(5), "owner"),
    Sample("call of a host, refused change", "/host/calls/{call_id}", call(7), "owner"),
    Sample("call of a host, over", "/host/calls/{call_id}", call(0), "leader", later=AFTER),
    Sample("time", CHANGE, call(3, "/time"), "owner"),
    Sample("time, wrong form", CHANGE, call(3, "/time"), "owner", 422, TIME | {"time": ""}),
    Sample("time, one of two", CHANGE, call(3, "/time"), "owner", 422, TIME | {"day": "2027-11-07", "time": "01:30"}),
    Sample("time, preview", CHANGE, call(3, "/time"), "owner", form=TIME),
    Sample("cancellation", CHANGE, call(3, "/cancellation"), "owner"),
    Sample("cancellation, preview", CHANGE, call(3, "/cancellation"), "owner", form={"reason": "A storm."}),
    Sample("restoration", CHANGE, call(5, "/restoration"), "owner"),
    Sample("leaving out", CHANGE, call(3, "/skip"), "owner"),
    Sample("guest", CHANGE, call(3, "/guest"), "owner"),
    Sample("guest, preview", CHANGE, call(3, "/guest"), "owner", form={"guest_name": "Prof. Ngozi Eze"}),
    Sample("way in of a call", CHANGE, call(3, "/way-in"), "owner"),
    Sample("way in of a call, preview", CHANGE, call(3, "/way-in"), "owner", form={"web_link": "https://meet.example.com/x"}),
    Sample("way in of the show again", CHANGE, call(1, "/shared-way-in"), "owner"),
    Sample("change that waits already", CHANGE, call(0, "/cancellation"), "owner", 409, {"reason": "A storm."}),
    Sample("registrations of a call, answered", "/host/calls/{call_id}/registrations", call(1, "/registrations"), "owner"),
    Sample("registrations of a call", "/host/calls/{call_id}/registrations", call(0, "/registrations"), "owner"),
    Sample("registrations, none found", "/host/calls/{call_id}/registrations", call(0, "/registrations?search=xyz"), "owner"),
    Sample("registrations, none", "/host/calls/{call_id}/registrations", call(9, "/registrations?done=removed"), "leader"),
    Sample("registrations of a show", "/host/shows/{show_id}/registrations", show("/registrations"), "owner"),
    Sample("registration by hand", "/host/calls/{call_id}/registrations/new", call(3, "/registrations/new"), "owner"),
    Sample(
        "registration by hand, wrong form",
        "/host/calls/{call_id}/registrations/new",
        call(3, "/registrations"),
        "owner",
        422,
        {"name": "", "email": "x", "zone": "UTC"},
    ),
    Sample(
        "removal",
        "/host/calls/{call_id}/registrations/{registration_id}/removal",
        lambda scene: call(0, f"/registrations/{scene.registration}/removal")(scene),
        "owner",
    ),
)
MAILS = (
    Sample("mails of a show", "/host/shows/{show_id}/mails", show("/mails"), "owner"),
    Sample("mails of a show, wrong form", "/host/shows/{show_id}/mails", show("/reminders"), "owner", 422, {"number": "0"}),
    Sample("mail", "/host/shows/{show_id}/mails/{mail}", show("/mails/call_moved"), "owner"),
    Sample("mail in own words", "/host/shows/{show_id}/mails/{mail}", show("/mails/reminder"), "owner"),
    Sample(
        "mail, wrong form",
        "/host/shows/{show_id}/mails/{mail}",
        show("/mails/call_moved"),
        "owner",
        422,
        {"subject": "", "body": "{nonsense}"},
    ),
    Sample("outbox", "/host/outbox", at("/host/outbox"), "owner"),
    Sample("outbox, failed", "/host/outbox", at("/host/outbox?state=failed"), "owner"),
    Sample("outbox, sent", "/host/outbox", at("/host/outbox?state=sent"), "owner"),
    Sample("outbox, overtaken", "/host/outbox", at("/host/outbox?state=dropped"), "owner"),
    Sample("outbox, empty", "/host/outbox", at("/host/outbox"), "newcomer"),
    Sample("outbox of a call", "/host/outbox", lambda scene: f"/host/outbox?call={scene.calls[0]}", "owner"),
    *(
        Sample(f"message, {state}", "/host/outbox/{message_id}", message(state), "owner")
        for state in ("sent", "failed", "waiting", "dropped")
    ),
    Sample("calendar test", "/host/calendar-test", at("/host/calendar-test"), "newcomer"),
    Sample("calendar test, wrong form", "/host/calendar-test", at("/host/calendar-test"), "owner", 422, {"program": ""}),
    Sample("calendar test, under way", "/host/calendar-test", at("/host/calendar-test?done=sent"), "leader"),
    Sample("calendar test, past", "/host/calendar-test", at("/host/calendar-test"), "leader", later=AFTER),
    Sample(
        "calendar test, earlier",
        "/host/calendar-test/{test_id}",
        lambda scene: f"/host/calendar-test/{scene.calendar_test}",
        "leader",
    ),
    Sample("account", "/host/account", at("/host/account?done=saved"), "owner"),
    Sample("account, calendar withdrawn", "/host/account", at("/host/account?done=feed-withdrawn"), "newcomer"),
    Sample("account, wrong form", "/host/account", at("/host/account"), "leader", 422, {"name": ""}),
)
GUESTS = (
    Sample("bench", "/host/guests", at("/host/guests?done=imported&number=2"), "owner"),
    Sample("bench in turn", "/host/guests", at("/host/guests?state=turn"), "owner"),
    Sample("bench in turn, looked at", "/host/guests", at("/host/guests?state=turn"), "leader"),
    Sample("bench, one state", "/host/guests", at("/host/guests?state=declined"), "owner"),
    Sample("bench, nobody found", "/host/guests", at("/host/guests?search=nobody"), "owner"),
    Sample("bench, empty", "/host/guests", at("/host/guests"), "newcomer"),
    Sample("guest", "/host/guests/{guest_id}", guest("keiko", "?done=added"), "owner"),
    Sample("guest, looked at", "/host/guests/{guest_id}", guest("keiko"), "leader"),
    Sample("guest, mail comes back", "/host/guests/{guest_id}", guest("asked"), "owner"),
    Sample("guest, silent", "/host/guests/{guest_id}", guest("silent"), "owner"),
    Sample("new guest", "/host/guests/new", at("/host/guests/new"), "owner"),
    Sample("new guest, wrong form", "/host/guests/new", at("/host/guests/new"), "owner", 422, {"name": "", "email": "@"}),
    Sample("new guest, known", "/host/guests/new", at("/host/guests/new"), "owner", 422, KNOWN),
    Sample("guest changed", "/host/guests/{guest_id}/change", guest("keiko", "/change"), "owner"),
    Sample("doubles", "/host/guests/doubles", at("/host/guests/doubles"), "owner"),
    Sample("doubles, none", "/host/guests/doubles", at("/host/guests/doubles"), "newcomer"),
    Sample("merge", "/host/guests/{guest_id}/merge", guest("keiko", "/merge?search=a"), "owner"),
    Sample("merge, wrong form", "/host/guests/{guest_id}/merge", guest("declined", "/merge"), "owner", 422, {"double": ""}),
    Sample("merge, looked at", "/host/guests/{guest_id}/merge", guest("keiko", "/merge"), "owner", form={"double": DOUBLE}),
    Sample("import", "/host/guests/import", at("/host/guests/import"), "owner"),
    Sample("import, wrong form", "/host/guests/import", at("/host/guests/import"), "owner", 422, {"text": " "}),
    Sample("import, looked at", "/host/guests/import", at("/host/guests/import"), "owner", form={"text": PEOPLE, "tag": "x"}),
    Sample("import, nobody new", "/host/guests/import", at("/host/guests/import"), "owner", form={"text": "Ono, Keiko\n"}),
)
REFUSED = (
    Sample("not found", "", at("/ask-tara/2020-01-01"), status=404),
    Sample("not allowed", "", show("/words"), "leader", 403),
    Sample("not now", "", link("own given back", "/question"), status=409, form={"question": "Why?"}),
    Sample("too often", "", at("/find"), status=429, form={"email": "ann@example.org"}, times=30),
    Sample("busy", "/trouble/busy", at("/trouble/busy"), status=503),
    Sample("busy form", "/trouble/busy", at("/trouble/busy"), status=503, form={"name": "Ann", "question": "Why?"}),
    Sample("broken", "/trouble/broken", at("/trouble/broken"), status=500),
)
DEMO = (
    Sample("demo outbox", "/outbox", at("/outbox")),
    Sample("demo letter", "/outbox/{number}", at("/outbox/2")),
)
VOTING: Form = {"which": "new", "guest": "Kim Lee", "why": "", "link": "", "email": "ann@example.org"}
WISHES = (
    Sample("wishes", "/{slug}/wishes", at("/ask-tara/wishes")),
    Sample("wishes, wrong form", "/{slug}/wishes", at("/ask-tara/wishes"), status=422, form={"which": "", "email": "x"}),
    Sample("wishes, none taken", "/{slug}/wishes", at("/quiet-hour/wishes"), status=404),
    Sample("wishes, asked", "/{slug}/wishes", at("/ask-tara/wishes"), form=VOTING),
    Sample("vote", "/w/{token}", link("vote")),
    Sample("vote, given", "/w/{token}", link("vote given")),
    Sample("kit", "/g/{token}/kit", link("kit")),
    Sample("wishes of a host", "/host/shows/{show_id}/wishes", show("/wishes?done=bench"), "owner"),
    Sample("wishes of a host, none", "/host/shows/{show_id}/wishes", lambda it: f"/host/shows/{it.draft}/wishes", "leader"),
    Sample("board, no guest", "/host", at("/host?show=no-guest"), "owner"),
    Sample("board, none of these", "/host", at("/host?show=hold-ending"), "owner"),
)
SAMPLES = (
    *PUBLIC,
    *OWN,
    *WISHES,
    *SIGN_IN,
    *SHOWS,
    *OPEN_HOURS,
    *CALLS,
    *ASKED,
    *HOSTING,
    *STAYING,
    *PREPARED,
    *MAILS,
    *GUESTS,
    *DEMO,
    *REFUSED,
)
# Answered to programs, or mails as they are: nobody looks at these in our own design.
NO_PAGES = frozenset(
    {
        "/robots.txt",
        "/sitemap.xml",
        "/favicon.ico",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/{slug}/calendar.ics",
        "/pictures/{name}/{file}",
        "/{slug}/{address}/picture.png",
        "/v/{code}",
        "/v/{code}/qr.svg",
        "/feeds/{token}/{file}",
        "/r/{token}/entry.ics",
        "/g/{token}/call.ics",
        "/host/calls/{call_id}/registrations.csv",
        "/host/shows/{show_id}/registrations.csv",
        "/host/guests.csv",
        "/outbox/{number}/html",
        "/outbox/{number}/calendar",
    }
)
