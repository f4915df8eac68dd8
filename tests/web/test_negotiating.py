"""Accept-Encoding and conditional requests, read as RFC 9110 says."""

from datetime import UTC, datetime

import pytest

from calls.web.negotiating import is_unchanged, takes_gzip

CHANGED = datetime(2026, 11, 22, 12, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [
        (b"gzip", True),
        (b"gzip, deflate, br", True),
        (b"GZIP", True),
        (b"x-gzip", True),
        (b"br;q=1.0, gzip;q=0.8", True),
        (b"*", True),
        (b"*;q=0.1", True),
        (b"gzip;q=0.001", True),
        (b"gzip ; q=1", True),
        (b"identity, *;q=0.5", True),
        (b"gzip;q=0", False),
        (b"gzip;q=0.0", False),
        (b"gzip; Q=0", False),
        (b"*;q=0", False),
        (b"gzip;q=0, *", False),
        (b"identity", False),
        (b"", False),
        (b"br", False),
        (b"gzipped", False),
        (b"gzip;q=much", False),
        (b"\xff\xfe", False),
        (b"," * 100_000, False),
    ],
)
def test_gzip_is_taken_only_where_it_is_allowed(header: bytes, is_taken: bool) -> None:
    assert takes_gzip(header) is is_taken


@pytest.mark.parametrize(
    ("match", "is_known"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"x", "a"', True),
        (b'"x",W/"a" ', True),
        (b"*", True),
        (b'"x"', False),
        (b"a", False),
        (b'"a', False),
        (b'"A"', False),
        (b'"a-gz"', False),
        (b"junk\xff", False),
        (b",", False),
    ],
)
def test_copy_is_good_when_its_etag_is_named(match: bytes, is_known: bool) -> None:
    assert is_unchanged(b'"a"', None, match, b"") is is_known


@pytest.mark.parametrize(
    ("since", "is_good"),
    [
        (b"Sun, 22 Nov 2026 12:00:00 GMT", True),
        (b"Sun, 22 Nov 2026 12:00:01 GMT", True),
        (b"Sun, 22 Nov 2026 11:59:59 GMT", False),
        (b"Sunday, 22-Nov-26 12:00:00 GMT", True),
        (b"junk", False),
        (b"", False),
        (b"\xff" * 200, False),
        (b"Sun, 99 Nov 2026 12:00:00 GMT", False),
        (b"Sun, 22 Nov 99999999999 12:00:00 GMT", False),
    ],
)
def test_copy_is_good_when_nothing_changed_since(since: bytes, is_good: bool) -> None:
    assert is_unchanged(b'"a"', CHANGED, b"", since) is is_good


def test_etag_counts_alone_where_both_are_sent() -> None:
    assert not is_unchanged(b'"a"', CHANGED, b'"old"', b"Sun, 22 Nov 2026 12:00:01 GMT")
