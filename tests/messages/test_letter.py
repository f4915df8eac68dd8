"""A letter becomes the same bytes each time, in the shape that mail programs know an invitation by."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.refusals import Refused
from calls.ground.text import clean, clean_line, excerpt
from calls.messages.letter import Letter, to_bytes


@dataclass(frozen=True)
class Somebody:
    name: str
    address: str


CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Ask Tara\r\nEND:VCALENDAR\r\n" * 5
PLAIN = Letter(
    sender=Somebody("Ask Tara", "calls@calls.example"),
    receiver=Somebody("Ann Lee", "ann@example.org"),
    subject="You are in",
    text="Hello Ann,\n\nyou are in.\n",
    html="<p>Hello Ann,</p>\n<p>you are in.</p>\n",
    message_id="m1.abc@calls.example",
    date=datetime(2026, 11, 22, 19, 0, tzinfo=UTC),
)
INVITING = replace(PLAIN, calendar=CALENDAR, calendar_method="REQUEST")


def read(letter: Letter) -> EmailMessage:
    message = message_from_bytes(to_bytes(letter), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def headers(letter: Letter) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in read(letter).items()]


def written(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def shape(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_letter_without_calendar_is_text_and_html() -> None:
    message = read(PLAIN)

    assert shape(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert [written(message, "plain"), written(message, "html")] == [PLAIN.text, PLAIN.html]


def test_letter_has_these_headers_and_no_others() -> None:
    assert headers(PLAIN)[:-1] == [
        ("From", "Ask Tara <calls@calls.example>"),
        ("To", "Ann Lee <ann@example.org>"),
        ("Subject", "You are in"),
        ("Date", "Sun, 22 Nov 2026 19:00:00 +0000"),
        ("Message-ID", "<m1.abc@calls.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
    ]


def test_letter_with_answers_and_unsubscribing_names_them() -> None:
    letter = replace(
        PLAIN, reply_to="tara@exämple.org", in_reply_to="m0@calls.example", unsubscribe="https://calls.example/u/a-b_c"
    )

    assert headers(letter)[5:-3] == [
        ("Reply-To", "tara@xn--exmple-cua.org"),
        ("In-Reply-To", "<m0@calls.example>"),
        ("References", "<m0@calls.example>"),
        ("List-Unsubscribe", "<https://calls.example/u/a-b_c>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def test_invitation_has_the_shape_that_shows_buttons() -> None:
    message = read(INVITING)

    assert shape(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


def test_calendar_stands_inline_and_attached_with_the_same_bytes() -> None:
    inline, attached = list(read(INVITING).walk())[-2:]

    assert inline.items() == [
        ("Content-Type", 'text/calendar; method="REQUEST"; charset="UTF-8"'),
        ("Content-Transfer-Encoding", "base64"),
    ]
    assert attached.items() == [
        ("Content-Type", 'application/ics; name="invite.ics"'),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", 'attachment; filename="invite.ics"'),
    ]
    assert [part.get_payload(decode=True) for part in (inline, attached)] == [CALENDAR, CALENDAR]


def test_method_is_written_as_outlook_reads_it() -> None:
    assert b"\r\nContent-Type: text/calendar; method=CANCEL; charset=UTF-8\r\n" in to_bytes(
        replace(INVITING, calendar_method="CANCEL")
    )


def test_same_letter_is_the_same_bytes() -> None:
    assert to_bytes(INVITING) == to_bytes(replace(INVITING))


def test_boundary_follows_from_the_message_id() -> None:
    other = replace(INVITING, message_id="m2@calls.example")

    assert read(INVITING).get_boundary() != read(other).get_boundary()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Ann Lee", b"To: Ann Lee <ann@example.org>\r\n"),
        ("", b"To: ann@example.org\r\n"),
        ('Lee, Ann "A\\B"', b'To: "Lee, Ann \\"A\\\\B\\"" <ann@example.org>\r\n'),
        ("Ann <eve@evil.example>", b'To: "Ann <eve@evil.example>" <ann@example.org>\r\n'),
        ("Änn", b"To: =?utf-8?b?w4Rubg==?= <ann@example.org>\r\n"),
        ("=?utf-8?q?=0D=0ABcc:?=", b"To: =?utf-8?b?PT91dGYtOD9xPz0wRD0wQUJjYzo/PQ==?= <ann@example.org>\r\n"),
        ("Ann\r\nBcc: eve@evil.example", b'To: "Ann Bcc: eve@evil.example" <ann@example.org>\r\n'),
    ],
)
def test_name_stands_before_the_address_and_is_no_more_than_a_name(name: str, header: bytes) -> None:
    letter = replace(PLAIN, receiver=Somebody(name, "ann@example.org"))

    assert header in to_bytes(letter)


def test_domain_of_other_letters_goes_in_punycode() -> None:
    letter = replace(PLAIN, receiver=Somebody("", "ann@exämple.org"))

    assert b"\r\nTo: ann@xn--exmple-cua.org\r\n" in to_bytes(letter)


@pytest.mark.parametrize("address", ["ann", "ann@example.org\r\nBcc: x", "a@b.example, eve@evil.example", ""])
def test_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        to_bytes(replace(PLAIN, receiver=Somebody("Ann", address)))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(PLAIN, message_id="m1\r\nBcc: x@calls.example"),
        replace(PLAIN, message_id="<m1@calls.example>"),
        replace(PLAIN, in_reply_to="m1"),
        replace(PLAIN, unsubscribe="https://calls.example/u/1>, <mailto:x"),
        replace(INVITING, calendar_method="REQUEST\r\nX: y"),
        replace(INVITING, calendar_method=None),
        replace(PLAIN, auto_submitted="no\r\nX: y"),
    ],
)
def test_letter_that_the_house_made_wrongly_never_goes(wrong: Letter) -> None:
    with pytest.raises(ValueError, match="A mail header cannot hold"):
        to_bytes(wrong)


HOSTILE = st.text() | st.lists(
    st.sampled_from(
        ["\r\n", "\n", "\r", "\x0b", "\x1c", "\x85", "\u2028", "\x00", "\ud800", "=?utf-8?q?", "?=", '"', "\\", "<", ">"]
    )
    | st.sampled_from(
        [",", ";", ":", "(", ")", "@", " ", "\t", "Bcc: x", "--=_mixed", "日本", "é", "\u202e", "x" * 90, "👩‍🚀" * 9]
    ),
    max_size=30,
).map("".join)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_name_title_or_text_changes_what_a_letter_is(host: str, person: str, title: str, text: str) -> None:
    letter = replace(
        INVITING,
        sender=Somebody(host, "calls@calls.example"),
        receiver=Somebody(person, "ann@example.org"),
        subject=title,
        text=text,
    )

    message = read(letter)

    assert [name for name, _ in message.items()] == [name for name, _ in headers(INVITING)]
    assert shape(message) == shape(read(INVITING))
    assert [message["From"].addresses[0].addr_spec, message["To"].addresses[0].addr_spec] == [
        "calls@calls.example",
        "ann@example.org",
    ]
    assert len(message["To"].addresses) == 1
    assert message["To"].defects == ()


@given(HOSTILE, HOSTILE)
def test_lines_of_a_letter_are_short_plain_and_end_rightly(person: str, text: str) -> None:
    sent = to_bytes(replace(INVITING, receiver=Somebody(person, "ann@example.org"), text=text, subject=person))

    assert sent.isascii()
    assert sent.replace(b"\r\n", b"").count(b"\n") == sent.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, sent.split(b"\r\n"))) <= 260


@given(HOSTILE)
def test_subject_and_text_arrive_as_they_were_written(words: str) -> None:
    message = read(replace(PLAIN, subject=words, text=words))

    assert message["Subject"] == excerpt(words, 200)
    assert written(message, "plain") == clean(words).rstrip("\n") + "\n"


@given(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=120))
def test_name_arrives_as_it_was_written(name: str) -> None:
    # The newer parser of Python 3.11 puts blanks between encoded words of a name; the older one reads them rightly.
    message = message_from_bytes(to_bytes(replace(PLAIN, receiver=Somebody(name, "ann@example.org"))))

    assert str(make_header(decode_header(message["To"].replace("\r\n", "")))) == f"{clean_line(name)} <ann@example.org>"
