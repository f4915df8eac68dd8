"""The three things a guest answers when she confirms a date, and what can be taken for each."""

import re
from dataclasses import dataclass

from calls.ground import text
from calls.ground.refusals import Invalid

LONGEST = {"name": 200, "topic": 200, "phone": 40}
NUMBER = re.compile(r"[+(]?[0-9][0-9 ()./–-]{4,36}[0-9]")


@dataclass(frozen=True)
class Answers:
    """Her name as it shall be announced, the topic in a line, and the phone on which she can be reached on the day."""

    name: str = ""
    topic: str = ""
    phone: str = ""


def checked(answers: Answers) -> Answers:
    """The answers as they will be kept, or what is wrong, each beside its field."""
    taken = Answers(text.clean_line(answers.name), text.clean_line(answers.topic), text.clean_line(answers.phone))
    errors = {}
    if not taken.name:
        errors["name"] = "Say by what name you shall be announced."
    if not taken.topic:
        errors["topic"] = "Say in a line what you would like to talk about."
    if not NUMBER.fullmatch(taken.phone):
        errors["phone"] = "Give a phone number with its country code, like +81 3 1234 5678."
    for name, most in LONGEST.items():
        if len(getattr(taken, name)) > most:
            errors[name] = f"Use at most {most} characters."
    if errors:
        raise Invalid(errors)
    return taken
