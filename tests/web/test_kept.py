"""What is kept: served until dropped, never older than its ticket, within bounds."""

from datetime import timedelta
from threading import Thread

from calls.web.kept import COST_OF_A_PLACE, Kept
from tests.web.little import NOON, an_answer

SHOW = frozenset({"show:1"})
CALL = frozenset({"show:1", "call:2"})


def body_at(kept: Kept, path: str) -> bytes | None:
    found = kept.find(path, NOON)
    return None if found is None else found.answer.body


def test_answer_is_found_again() -> None:
    kept = Kept()

    kept.put(kept.begin(), "/tara", an_answer("Tara"), SHOW)

    assert body_at(kept, "/tara") == b"Tara"
    assert body_at(kept, "/other") is None


def test_dropped_answer_is_not_found_but_stays_as_the_last_good_one() -> None:
    kept = Kept()
    kept.put(kept.begin(), "/tara", an_answer("Tara"), CALL)

    kept.drop(frozenset({"call:2", "call:9"}))

    last_good = kept.stale("/tara")
    assert body_at(kept, "/tara") is None
    assert last_good is not None
    assert last_good.answer.body == b"Tara"


def test_drop_leaves_what_bears_other_tags() -> None:
    kept = Kept()
    kept.put(kept.begin(), "/tara", an_answer("Tara"), SHOW)

    kept.drop(frozenset({"show:2"}))

    assert body_at(kept, "/tara") == b"Tara"


def test_answer_made_before_a_drop_is_kept_as_the_last_good_one_alone() -> None:
    kept = Kept()
    ticket = kept.begin()

    kept.drop(SHOW)
    prepared = kept.put(ticket, "/tara", an_answer("old"), SHOW)

    assert prepared.answer.body == b"old"
    assert body_at(kept, "/tara") is None
    assert kept.stale("/tara") is prepared


def test_answer_made_before_its_tag_was_cleared_is_not_kept_at_all() -> None:
    kept = Kept()
    ticket = kept.begin()

    kept.clear(SHOW)
    kept.put(ticket, "/tara", an_answer("withdrawn"), SHOW)

    assert kept.stale("/tara") is None


def test_answer_made_after_its_tag_was_cleared_is_kept() -> None:
    kept = Kept()
    kept.clear(SHOW)

    kept.put(kept.begin(), "/tara", an_answer("new"), SHOW)

    assert body_at(kept, "/tara") == b"new"


def test_answer_made_after_a_drop_is_kept() -> None:
    kept = Kept()
    kept.drop(SHOW)

    kept.put(kept.begin(), "/tara", an_answer("new"), SHOW)

    assert body_at(kept, "/tara") == b"new"


def test_late_answer_does_not_replace_a_newer_one() -> None:
    kept = Kept()
    early = kept.begin()
    kept.drop(SHOW)
    kept.put(kept.begin(), "/tara", an_answer("new"), SHOW)

    kept.put(early, "/tara", an_answer("old"), SHOW)

    assert body_at(kept, "/tara") == b"new"


def test_ticket_from_before_the_remembered_drops_is_refused() -> None:
    kept = Kept()
    ticket = kept.begin()
    for number in range(20_001):
        kept.drop(frozenset({f"call:{number}"}))

    kept.put(ticket, "/tara", an_answer("old"), SHOW)

    assert body_at(kept, "/tara") is None


def test_drop_all_leaves_nothing_and_refuses_old_tickets() -> None:
    kept = Kept()
    ticket = kept.begin()
    kept.put(ticket, "/tara", an_answer("Tara"), SHOW)

    kept.drop_all()
    kept.put(ticket, "/other", an_answer("old"), SHOW)

    assert body_at(kept, "/tara") is None
    assert body_at(kept, "/other") is None


def test_forgotten_answer_is_not_even_the_last_good_one() -> None:
    kept = Kept()
    kept.put(kept.begin(), "/tara", an_answer("Tara"), SHOW)

    kept.forget("/tara")

    assert kept.stale("/tara") is None


def test_answer_holds_until_its_moment() -> None:
    kept = Kept()
    until = NOON + timedelta(minutes=1)

    kept.put(kept.begin(), "/tara", an_answer(), SHOW, until)

    assert kept.find("/tara", until - timedelta(seconds=1)) is not None
    assert kept.find("/tara", until) is None


def test_least_recently_used_is_given_up_first() -> None:
    kept = Kept(limit_bytes=4 * COST_OF_A_PLACE + 100)
    for name in "abcd":
        kept.put(kept.begin(), f"/{name}", an_answer(name), SHOW)
    kept.find("/a", NOON)

    kept.put(kept.begin(), "/e", an_answer("e"), SHOW)

    assert [name for name in "abcde" if body_at(kept, f"/{name}")] == ["a", "c", "d", "e"]


def test_answer_too_big_for_its_place_is_not_kept() -> None:
    kept = Kept(limit_bytes=100_000)

    kept.put(kept.begin(), "/tara", an_answer("x" * 40_000), SHOW)

    assert body_at(kept, "/tara") is None


def test_many_threads_leave_it_whole() -> None:
    kept = Kept(limit_bytes=20 * COST_OF_A_PLACE)

    def work(number: int) -> None:
        for turn in range(300):
            ticket = kept.begin()
            tags = frozenset({f"show:{turn % 7}", f"show:{number}"})
            kept.put(ticket, f"/{turn % 50}", an_answer(str(turn)), tags)
            kept.find(f"/{turn % 13}", NOON)
            kept.drop(frozenset({f"show:{turn % 11}"}))
            kept.forget(f"/{turn % 17}")

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(50):
        kept.forget(f"/{number}")

    assert (kept._bytes, dict(kept._paths), dict(kept._places)) == (0, {}, {})


def test_prepared_answer_is_compressed_with_an_etag_of_its_own() -> None:
    kept = Kept()
    prepared = kept.put(kept.begin(), "/tara", an_answer("Tara " * 500), SHOW)

    _, plain, _ = prepared.reply("GET", b"gzip;q=0", b"", b"")
    _, small, body = prepared.reply("GET", b"gzip", b"", b"")

    assert dict(plain)[b"etag"] != dict(small)[b"etag"]
    assert dict(plain)[b"vary"] == dict(small)[b"vary"] == b"Accept-Encoding"
    assert dict(small)[b"content-encoding"] == b"gzip"
    assert b"content-encoding" not in dict(plain)
    assert dict(small)[b"content-length"] == str(len(body)).encode()


def test_equal_bodies_have_equal_bytes_and_etags() -> None:
    kept = Kept()
    first = kept.put(kept.begin(), "/tara", an_answer("Tara " * 500), SHOW)
    second = kept.put(kept.begin(), "/tara", an_answer("Tara " * 500), SHOW)

    assert first.reply("GET", b"gzip", b"", b"") == second.reply("GET", b"gzip", b"", b"")


def test_small_answer_is_not_compressed_and_does_not_vary() -> None:
    kept = Kept()
    prepared = kept.put(kept.begin(), "/tara", an_answer("Tara"), SHOW)

    _, headers, body = prepared.reply("GET", b"gzip", b"", b"")

    assert body == b"Tara"
    assert {name for name, _ in headers} == {b"content-type", b"cache-control", b"etag", b"content-length"}


def test_unchanged_answer_has_no_body_and_says_how_it_may_be_stored() -> None:
    kept = Kept()
    prepared = kept.put(kept.begin(), "/tara", an_answer("Tara " * 500, last_modified=NOON), SHOW)
    etag = dict(prepared.reply("GET", b"gzip", b"", b"")[1])[b"etag"]

    status, headers, body = prepared.reply("GET", b"gzip", etag, b"")

    assert (status, body) == (304, b"")
    assert dict(headers) == {
        b"cache-control": b"no-cache",
        b"last-modified": b"Sun, 22 Nov 2026 12:00:00 GMT",
        b"vary": b"Accept-Encoding",
        b"etag": etag,
    }
