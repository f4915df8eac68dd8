"""The four ways to say no.

A refusal is a sentence for the person who asked. Which HTTP status goes with it is chosen at the door.
"""


class Refusal(Exception):
    """The house says no, in a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refusal):
    """There is no such thing, or none that the asker may know of: both must sound alike."""

    def __init__(self, sentence: str = "There is nothing here.") -> None:
        super().__init__(sentence)


class NotAllowed(Refusal):
    """The thing is there, the asker may see it, but may not do this to it."""

    def __init__(self, sentence: str = "You may not do that.") -> None:
        super().__init__(sentence)


class Refused(Refusal):
    """The asker may, but the rules of the matter forbid it now."""


class Invalid(Refusal):
    """What was typed cannot be taken: one sentence for each field, by the field's name."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)

    def __reduce__(self) -> tuple[type["Invalid"], tuple[dict[str, str]]]:
        return type(self), (self.errors,)
