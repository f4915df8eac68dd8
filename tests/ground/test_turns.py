"""The lock that is handed on in the order of asking."""

import signal
import threading
import time

import pytest

from calls.ground.turns import FairLock


def test_lock_is_handed_on_in_the_order_of_asking() -> None:
    lock, order = FairLock(), list[int]()

    def ask(number: int) -> None:
        with lock:
            order.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
    with lock:
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while lock.waiting < waiting:
                time.sleep(0.0001)
    for thread in threads:
        thread.join(timeout=10)

    assert order == list(range(50))


def test_one_at_a_time_holds_it_and_nobody_is_forgotten() -> None:
    lock, inside, most, rounds = FairLock(), 0, 0, 0

    def work() -> None:
        nonlocal inside, most, rounds
        for _ in range(200):
            with lock:
                inside += 1
                most = max(most, inside)
                rounds += 1
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert (most, rounds, inside, lock.waiting) == (1, 10_000, 0, 0)


def test_whoever_is_interrupted_while_waiting_is_passed_over() -> None:
    """As a command is by Ctrl-C: the lock must not be handed to somebody who has left."""
    lock, is_held, done = FairLock(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            is_held.set()
            done.wait(10)

    def interrupt(*_: object) -> None:
        raise InterruptedError

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait(10)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05)

    with pytest.raises(InterruptedError), lock:
        pass

    signal.signal(signal.SIGALRM, before)
    waiting = lock.waiting
    done.set()
    holder.join(timeout=10)
    with lock:
        assert waiting == 0


def test_lock_is_free_again_after_an_error() -> None:
    lock = FairLock()

    with pytest.raises(ValueError, match="trouble"), lock:
        raise ValueError("trouble")

    with lock:
        assert lock.waiting == 0
