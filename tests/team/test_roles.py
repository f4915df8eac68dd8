"""Who may do what."""

from collections.abc import Iterable
from typing import get_args

import pytest

from calls.ground.database import new_id
from calls.ground.refusals import NotAllowed, NotFound
from calls.history.keeping import SYSTEM, Actor
from calls.team.roles import MAY, Deed, may, require

HERE, ELSEWHERE = new_id(), new_id()
EVERY_DEED = list(get_args(Deed))


def refused(by: Actor, deeds: Iterable[Deed]) -> list[Deed]:
    """Which of the deeds are not let pass."""
    found = []
    for deed in deeds:
        try:
            require(by, deed, HERE)
        except NotAllowed:
            found.append(deed)
    return found


def a_member(role: str | None) -> Actor:
    return Actor("member", new_id(), "Tara", role, HERE)


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        ("owner", EVERY_DEED),
        ("producer", [deed for deed in EVERY_DEED if deed != "keep the account"]),
        ("host", ["see", "move calls", "see registrations"]),
        ("stranger", []),
        (None, []),
    ],
)
def test_role_reaches_as_far_as_the_table_says(role: str | None, deeds: list[Deed]) -> None:
    assert [deed for deed in EVERY_DEED if may(role, deed)] == deeds


@pytest.mark.parametrize("role", sorted(MAY))
@pytest.mark.parametrize("deed", EVERY_DEED)
def test_foreign_account_is_not_there_whatever_the_role(role: str, deed: Deed) -> None:
    with pytest.raises(NotFound) as refusal:
        require(a_member(role), deed, ELSEWHERE)

    assert refusal.value.sentence == NotFound().sentence


def test_lacking_right_is_refused_in_a_sentence() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(a_member("host"), "plan shows", HERE)

    assert refusal.value.sentence == "Your role does not let you plan shows. Ask an owner of the account."


def test_member_with_the_right_passes() -> None:
    found = refused(a_member("host"), EVERY_DEED)

    assert found == ["plan shows", "write mails", "change registrations", "invite guests", "keep the account"]


def test_attendee_of_the_account_may_do_nothing() -> None:
    attendee = Actor("attendee", new_id(), "Ada", None, HERE)

    assert refused(attendee, EVERY_DEED) == EVERY_DEED


def test_attendee_who_claims_a_role_may_do_nothing() -> None:
    with pytest.raises(NotAllowed):
        require(Actor("attendee", new_id(), "Ada", "owner", HERE), "see", HERE)


def test_attendee_of_no_account_finds_nothing() -> None:
    with pytest.raises(NotFound):
        require(Actor("attendee", new_id(), "Ada"), "see", HERE)


def test_system_passes() -> None:
    assert refused(SYSTEM, EVERY_DEED) == []
