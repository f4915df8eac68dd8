"""Stands in for calls.calendars.answering: keeps what it is handed."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars.answers import Answered, Proposed
from calls.ground.refusals import Refused


@dataclass
class KeptAnswers:
    """Says the same of each answer; refuses those that name one of `refused`, and breaks at one that names `broken`."""

    SAID = "Understood."
    answers: list[Answered] = field(default_factory=list)
    proposals: list[Proposed] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def take(self, session: Session, answered: Answered, *, now: datetime) -> str:
        if answered.uid in self.refused:
            raise Refused("This call is over.")
        self.answers.append(answered)
        return self.SAID

    def take_proposal(self, session: Session, proposed: Proposed, *, now: datetime) -> str:
        self.proposals.append(proposed)
        return self.SAID
