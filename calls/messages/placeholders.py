"""What each placeholder of a mail stands for, in words for whoever edits the mail."""

from collections.abc import Sequence

MEANINGS = {
    "name": "the reader’s name",
    "account": "the account’s name",
    "sign_in": "the link to sign in with",
    "links": "the reader’s calls to come, each with its link",
    "show": "the show’s name",
    "host": "the host’s name",
    "show_page": "the address of the show’s page",
    "call": "what the call is called, with its guest",
    "guest": "the guest’s name; nothing where there is none",
    "day": "the call’s day, short, in the reader’s zone",
    "when": "day, time and zone of the call",
    "your_time": "the same in the reader’s zone; nothing where her clock shows the same",
    "clocks": "that changing clocks bring the call to the reader at another hour; nothing in other weeks",
    "starts_in": "how long it still is",
    "way_in": "how to get in: number and code, one-tap number, web link",
    "join": "the reader’s own way in, a link",
    "manage": "the reader’s own page: cancel, move, change her details, a link",
    "page": "the address of the call’s page",
    "feed": "where the reader gets her own calendar, a link",
    "dates": "the list of the reader’s calls to come",
    "was": "the time before the call was moved",
    "news": "what is new, a line each",
    "answers": "“Can you come?” with links for yes, maybe and no; added at the end where your words lack it",
    "said_no": "why the seat was given up, where the reader answered No; added at the end where your words lack it",
    "proposed": "the time that the reader proposed; added at the end where your words lack it",
    "reason": "the reason you gave; nothing where you gave none",
}


def listed(names: Sequence[str]) -> list[tuple[str, str]]:
    """These placeholders as they are typed, each with what it stands for."""
    return [(f"{{{name}}}", MEANINGS[name]) for name in names]
