"""Texts for a guest to paste, and links by which she shares with one tap."""

from urllib.parse import parse_qs, urlsplit

import pytest

from calls.kits.texts import Occasion, share_links, texts

OCCASION = Occasion(
    "Ask Tara", "Tara", "Why we sleep", "Tuesday 24 November 2026, 19:00 New York time", "https://calls.example/v/ono-4k7x"
)


def test_three_texts_name_show_topic_moment_and_link() -> None:
    found = texts(OCCASION)

    assert [it.label for it in found] == ["For a post", "For a letter to your own people", "In one line"]
    assert [it.subject for it in found] == ["", "Hear me live: Why we sleep", ""]
    named = [[part in it.body for part in ("Ask Tara", "Why we sleep", OCCASION.when, OCCASION.link)] for it in found]
    assert named == [[True] * 4] * 3


def test_what_is_not_known_leaves_no_gap() -> None:
    bare = [it.body for it in texts(Occasion("Ask Tara", "", "", OCCASION.when, OCCASION.link))]

    assert [("  " in it, "None" in it, " about ." in it, " with," in it) for it in bare] == [(False,) * 4] * 3


@pytest.mark.parametrize(("is_free", "said"), [(True, "It is free; register here:"), (False, "Register here:")])
def test_only_what_is_free_is_called_free(is_free: bool, said: str) -> None:
    [post, *_] = texts(Occasion("Ask Tara", "Tara", "Sleep", OCCASION.when, OCCASION.link, is_free))

    assert (said in post.body, "free" in post.body) == (True, is_free)


def test_networks_get_words_that_break_out_of_no_address() -> None:
    hostile = Occasion('A & B "C" #1', "", "Who? <b>&x=1#y</b>\r\nz", OCCASION.when, OCCASION.link)
    found = dict(share_links(hostile))

    assert {urlsplit(it).fragment for it in found.values()} == {""}
    assert [it for it in found.values() if any(sign in it for sign in '<>"\r\n ')] == []
    assert parse_qs(urlsplit(found["Telegram"]).query)["url"] == [OCCASION.link]
    assert parse_qs(urlsplit(found["X"]).query)["url"] == [OCCASION.link]
