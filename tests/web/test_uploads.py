"""Forms that bring a file: what is taken, where, how much of it, and what becomes of the rest."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.refusals import Invalid
from calls.web import bodies, post, uploads
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.pages import text
from calls.web.uploads import Arriving, TooManyAtOnce, Uploads
from tests.web.little import Little, little

MOST = 2_000_000
KIND = "multipart/form-data; boundary=xyz"


@post("/picture/{token}", takes_file=MOST)
def picture(ask: Ask) -> Answer:
    try:
        size = len(ask.form.file("picture") or b"")
    except Invalid as refusal:
        return text(f"{ask.form.value('bio')}: {refusal.sentence}").with_status(422)
    return text(f"{ask.form.value('bio')}: {size}")


@post("/note/{token}")
def note(ask: Ask) -> Answer:
    return text(repr(ask.form.fields()))


@pytest.fixture
def web() -> Iterator[Little]:
    with little(picture, note) as one:
        yield one


def send(web: Little, path: str, content: bytes) -> tuple[int, str]:
    answer = web.browser.post(path, data={"bio": "Zoë\r\nLee"}, files={"picture": ("a.jpg", content, "image/jpeg")})
    return answer.status_code, answer.text


def a_body(*parts: bytes) -> bytes:
    return b"".join(b"--xyz\r\n" + part + b"\r\n" for part in parts) + b"--xyz--\r\n"


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    return f'Content-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content


def arrived(body: bytes, step: int = 7) -> Form:
    arriving = Arriving(KIND, 10)
    for at in range(0, len(body), step):
        arriving.take(body[at : at + step])
    return arriving.form()


def test_file_comes_with_the_fields_of_its_form(web: Little) -> None:
    assert send(web, "/picture/abc", b"a" * MOST) == (200, f"Zoë\nLee: {MOST}")


def test_larger_file_is_refused_in_a_sentence_and_what_was_typed_is_kept(web: Little) -> None:
    assert send(web, "/picture/abc", b"a" * (MOST + 1))[0] == 422
    assert send(web, "/picture/abc", b"a" * 20_000_000) == (
        422,
        "Zoë\nLee: That file is larger than 2 MB. Choose a smaller one.",
    )


def test_file_without_end_is_not_read_to_its_end(web: Little) -> None:
    answer = web.browser.post("/picture/abc", content=(b"a" * 1_000_000 for _ in range(41)), headers={"content-type": KIND})
    announced = web.browser.post("/picture/abc", content=b"a" * (uploads.PASSED_BY + 1), headers={"content-type": KIND})

    assert (answer.status_code, announced.status_code) == (413, 413)


def test_every_other_address_keeps_its_small_limit_and_takes_no_file(web: Little) -> None:
    assert send(web, "/note/abc", b"a" * 10) == (200, "[]")
    assert send(web, "/note/abc", b"a" * bodies.LARGEST)[0] == 413
    assert web.browser.post("/picture/abc", content=b"a" * (bodies.LARGEST + 1)).status_code == 413


def test_form_without_a_file_is_taken_as_ever_at_an_address_that_asks_for_one(web: Little) -> None:
    answer = web.browser.post("/picture/abc", data={"bio": "Ann"})

    assert answer.text == "Ann: 0"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b""), ("multipart/form-data; boundary=", b"--\r\n"), (KIND, b""), (KIND, b"junk"),
        (KIND, a_body(part("bio", b"Ann"))[:-4]), (KIND, b"--xyz\r\n\r\nAnn\r\n--xyz--\r\n"),
        (KIND, a_body(b"Content-Disposition: attachment\r\n\r\nAnn")), (KIND, a_body(*[part("bio", b"")] * 1_001)),
        (KIND, a_body(b"X: " + b"x" * 10_000 + b"\r\n\r\nAnn")),
    ],
)  # fmt: skip
def test_what_is_no_form_is_said_to_have_broken_off(web: Little, kind: str, body: bytes) -> None:
    answer = web.browser.post("/picture/abc", content=body, headers={"content-type": kind})

    assert (answer.status_code, answer.text) == (400, "That form did not arrive whole. Please send it again.\n")


def test_more_typed_than_a_form_can_hold_is_too_large(web: Little) -> None:
    halves = [part("bio", b"a" * 600_000), part("links", b"a" * 600_000)]

    answer = web.browser.post("/picture/abc", content=a_body(*halves), headers={"content-type": KIND})

    assert answer.status_code == 413


def test_field_in_which_no_file_was_chosen_brings_none() -> None:
    form = arrived(a_body(part("picture", b"", filename=""), part("bio", b"Ann")))

    assert (form.file("picture"), form.file("other"), form.fields()) == (None, None, [("bio", "Ann")])


def test_first_file_of_a_name_counts_and_survives_the_faults_of_its_form() -> None:
    form = arrived(a_body(part("picture", b"one", "1.jpg"), part("picture", b"two", "2.jpg"), part("bio", b"\xff\x00")))

    wrong = form.with_errors({"bio": "Look again."}).or_else("name", "Ann")

    assert (wrong.file("picture"), wrong.value("bio"), wrong.value("name")) == (b"one", "\N{REPLACEMENT CHARACTER}", "Ann")


@given(st.binary(max_size=10), st.integers(1, 60))
def test_file_is_the_same_in_whatever_pieces_it_comes(content: bytes, step: int) -> None:
    form = arrived(a_body(part("picture", content, "a.jpg"), part("bio", b"Ann")), step)

    assert (form.file("picture"), form.value("bio")) == (content or None, "Ann")


@given(st.binary(max_size=300))
def test_whatever_comes_is_a_form_or_none(body: bytes) -> None:
    try:
        arrived(body)
    except bodies.Unreadable:
        return


def test_only_so_many_files_arrive_at_once() -> None:
    places = Uploads([], at_once=1)

    with places.place(MOST), places.place(0), pytest.raises(TooManyAtOnce), places.place(MOST):
        pass
    with places.place(MOST):
        pass


def test_file_that_never_ends_is_given_up() -> None:
    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"", "more_body": True}

    with pytest.raises(bodies.TooSlow):
        asyncio.run(Uploads([]).read(receive, b"", KIND, MOST, seconds=0.05))
