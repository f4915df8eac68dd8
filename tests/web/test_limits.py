"""Limits: generous to an office, closed to whoever goes on and on, in bounded memory."""

from datetime import timedelta

import pytest

from calls.web.limits import RULES, Limits, TooMany
from tests.web.little import NOON

MINUTE = timedelta(minutes=1)


def tries(limits: Limits, count: int, rule: str = "sign-in", **who: str) -> int:
    """How many of so many tries at once are let through."""
    passed = 0
    for _ in range(count):
        try:
            limits.check(rule, NOON, **who)
        except TooMany:
            continue
        passed += 1
    return passed


def test_address_may_sign_in_five_times_at_once() -> None:
    assert tries(Limits(), 10, address="ann@example.org") == 5


def test_network_may_sign_in_twenty_times_at_once() -> None:
    limits = Limits()

    passed = sum(tries(limits, 1, network=f"192.0.2.{number}", address=f"{number}@example.org") for number in range(40))

    assert passed == 20


def test_office_of_fifty_registers_at_once() -> None:
    limits = Limits()

    passed = [tries(limits, 1, "register", network="192.0.2.7", address=f"{number}@example.org") for number in range(50)]

    assert passed == [1] * 50


def test_other_networks_addresses_and_rules_have_buckets_of_their_own() -> None:
    limits = Limits()
    tries(limits, 30, network="192.0.2.7", address="ann@example.org")

    assert tries(limits, 1, network="192.0.3.7", address="bob@example.org") == 1
    assert tries(limits, 1, "find", network="192.0.2.7", address="ann@example.org") == 1


def test_address_is_the_same_however_it_is_written() -> None:
    limits = Limits()

    assert tries(limits, 4, address="Ann@Example.org") + tries(limits, 4, address=" ann@example.ORG ") == 5


def test_ipv6_network_is_64_bits_long() -> None:
    limits = Limits()
    tries(limits, 30, network="2001:db8:1:2::1")

    assert tries(limits, 1, network="2001:db8:1:2:ffff::9") == 0
    assert tries(limits, 1, network="2001:db8:1:3::1") == 1


def test_bucket_fills_again_at_an_even_pace() -> None:
    limits = Limits()
    tries(limits, 5, address="ann@example.org")

    with pytest.raises(TooMany) as refusal:
        limits.check("sign-in", NOON, address="ann@example.org")
    limits.check("sign-in", NOON + 3 * MINUTE, address="ann@example.org")
    with pytest.raises(TooMany):
        limits.check("sign-in", NOON + 3 * MINUTE, address="ann@example.org")

    assert refusal.value.wait == 3 * MINUTE
    assert refusal.value.sentence == "That was a lot at once. Please try again in 3 minutes."


def test_refused_tries_make_the_wait_no_longer() -> None:
    limits = Limits()
    tries(limits, 500, address="ann@example.org")

    limits.check("sign-in", NOON + 3 * MINUTE, address="ann@example.org")


def test_try_refused_for_its_network_does_not_count_for_its_address() -> None:
    limits = Limits()
    tries(limits, 20, network="192.0.2.7")
    tries(limits, 20, network="192.0.2.7", address="ann@example.org")

    assert tries(limits, 10, network="192.0.9.7", address="ann@example.org") == 5


def test_clock_that_is_put_back_locks_nobody_out_for_long() -> None:
    limits = Limits()
    for _ in range(5):
        limits.check("sign-in", NOON + timedelta(days=1), address="ann@example.org")

    with pytest.raises(TooMany) as refusal:
        limits.check("sign-in", NOON, address="ann@example.org")

    assert refusal.value.wait == 3 * MINUTE


def test_memory_is_bounded() -> None:
    limits = Limits(most=100)

    for number in range(1_000):
        limits.check("find", NOON, network=f"10.{number // 256}.{number % 256}.1", address=f"{number}@example.org")

    assert len(limits._full_at) == 100


def test_nobody_named_is_nobody_limited() -> None:
    assert tries(Limits(), 1_000) == 1_000


@pytest.mark.parametrize("rule", RULES)
def test_junk_identities_are_counted_like_others(rule: str) -> None:
    limits = Limits()

    assert tries(limits, 1_000, rule, network="not an address", address="\x00é" * 10_000) == RULES[rule].address.count
