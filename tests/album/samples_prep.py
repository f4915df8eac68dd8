"""Samples of prep, one-sheet, run sheets and what belongs to them."""

from tests.album.sampling import Sample, call, link

PREP, ASSISTANT, ONE_SHEET = "/g/{token}/prep", "/p/{token}", "/g/{token}/one-sheet"
TEXT = "Ada **climbs**.\n\nQuestions:\n- What is up there?\n\nhttps://ada.example.com"
WRONG = {"name": "x" * 300, "phone": "later", "links": "nowhere", "seen": ""}

PREPARED = (
    Sample("prep", PREP, link("guest sent", "/prep?done=saved")),
    Sample("prep, begun", PREP, link("guest begun", "/prep")),
    Sample("prep, ended", PREP, link("guest ended", "/prep")),
    Sample("prep, wrong form", PREP, link("guest begun", "/prep"), status=422, form=WRONG),
    Sample("prep, clash", PREP, link("guest sent", "/prep"), status=409, form={"bio": "Mine", "seen": ""}),
    Sample("prep of an assistant", ASSISTANT, link("assistant")),
    Sample("one-sheet", ONE_SHEET, link("guest sent", "/one-sheet")),
    Sample("one-sheet, empty", ONE_SHEET, link("guest begun", "/one-sheet"), status=422, form={"sheet": ""}),
    Sample("one-sheet, found", ONE_SHEET, link("guest sent", "/one-sheet"), form={"sheet": TEXT}),
    Sample("one-sheet of an assistant", "/p/{token}/one-sheet", link("assistant", "/one-sheet")),
    Sample("run sheet of a guest", "/g/{token}/run-sheet", link("guest sent", "/run-sheet")),
    Sample("run sheet of a guest, begun", "/g/{token}/run-sheet", link("guest begun", "/run-sheet")),
    Sample("run sheet", "/host/calls/{call_id}/run-sheet", call(0, "/run-sheet"), "owner"),
    Sample("run sheet, no guest", "/host/calls/{call_id}/run-sheet", call(9, "/run-sheet"), "leader"),
)
