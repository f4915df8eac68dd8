"""Pages and the other answers: strict templates, no way off the site by accident, cookies that stay ours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.cookies import with_cookie, without_cookie
from calls.web.pages import keep, leave, page, redirect, templates, text
from tests.web.little import NOON, a_house, an_answer

Asking = Callable[..., Ask]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Somebody asks for /tara?x=1, in a house whose templates the test writes."""
    (tmp_path / "greeting.html").write_text("<p>{{ name }}</p>\n")
    (tmp_path / "facts.html").write_text(
        "{{ path }}|{{ now|iso }}|{{ links.front() }}|{{ addresses.front() }}|{{ 2|count('one', '{n} seats') }}|"
        "{{ now|full('Asia/Tokyo') }}|{{ 'Asia/Tokyo'|city }}|{{ text|markdown }}"
    )
    house = a_house()
    house = replace(house, templates=templates(house.links, house.static, tmp_path))
    return Ask(house, {"method": "GET", "path": "/tara", "query_string": b"", "headers": []})


def header(answer: Answer, name: str) -> str | None:
    return dict(answer.lines()).get(name)


def test_page_is_rendered_at_once_and_escaped(ask: Ask) -> None:
    answer = page(ask, "greeting.html", name="<Ann> & 'Bob'")

    assert answer.body == b"<p>&lt;Ann&gt; &amp; &#39;Bob&#39;</p>"
    assert (answer.status, answer.content_type, answer.cache_control) == (200, "text/html; charset=utf-8", "no-cache")


def test_page_knows_words_links_and_the_time(ask: Ask) -> None:
    answer = page(ask, "facts.html", text="**hi** <script>")

    assert answer.body.decode() == (
        "/tara|2026-11-22T12:00:00Z|/|http://127.0.0.1:8000/|2 seats|"
        "Sunday 22 November 2026, 21:00, Tokyo time (UTC+09:00)|Tokyo|<p><strong>hi</strong> &lt;script&gt;</p>\n"
    )


def test_missing_fact_is_a_fault(ask: Ask) -> None:
    with pytest.raises(UndefinedError):
        page(ask, "greeting.html")


@pytest.mark.parametrize("name", ["none.html", "../settings.py", "/etc/passwd", ""])
def test_template_that_is_none_is_a_fault(ask: Ask, name: str) -> None:
    with pytest.raises(TemplateNotFound):
        page(ask, name)


def test_private_page_is_stored_shown_and_named_nowhere(ask: Ask) -> None:
    answer = page(ask, "greeting.html", private=True, name="Ann")

    assert header(answer, "cache-control") == "no-store"
    assert header(answer, "x-robots-tag") == "noindex"
    assert header(answer, "referrer-policy") == "no-referrer"


def test_page_that_refuses_is_not_stored(ask: Ask) -> None:
    assert page(ask, "greeting.html", 422, name="Ann").cache_control == "no-store"


def test_page_names_the_site_that_its_form_ends_on(ask: Ask) -> None:
    answer = page(ask, "greeting.html", form_targets=["https://zoom.example/j/1"], name="Ann")

    assert "form-action 'self' https://zoom.example;" in (header(answer, "content-security-policy") or "")


@pytest.mark.parametrize(
    ("address", "location"),
    [("/", "/"), ("/host/calls/7?done=moved#x", "/host/calls/7?done=moved#x"), ("/tara/größe x", "/tara/gr%C3%B6%C3%9Fe%20x")],
)
def test_redirect_leads_to_a_page_of_ours(address: str, location: str) -> None:
    answer = redirect(address)

    assert (answer.status, answer.body, header(answer, "location")) == (303, b"", location)


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "",
        "host",
        "/a\r\nset-cookie: x",
        "/\t/evil.example",
    ],
)
def test_redirect_leads_nowhere_else(address: str) -> None:
    with pytest.raises(ValueError, match="stays on this site"):
        redirect(address)


def test_leaving_gives_the_other_site_no_address_of_ours() -> None:
    answer = leave("https://zoom.example/j/1?pwd=a%20b")

    assert (answer.status, header(answer, "location")) == (303, "https://zoom.example/j/1?pwd=a%20b")
    assert header(answer, "referrer-policy") == "no-referrer"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/host", "https://", "data:text/html,x", "https://a\r\nb", "ftp://a"])
def test_leaving_needs_a_web_address(address: str) -> None:
    with pytest.raises(ValueError, match="only a web address"):
        leave(address)


def test_sheet_is_saved_under_its_name() -> None:
    answer = text("a,b\n", "text/csv; charset=utf-8", filename='Tära "x"\r\n.csv')

    assert answer.body == b"a,b\n"
    assert header(answer, "content-disposition") == "attachment; filename*=UTF-8''T%C3%A4ra%20%22x%22%0D%0A.csv"


def test_cookie_on_loopback_has_neither_prefix_nor_secure(ask: Ask) -> None:
    answer = with_cookie(ask, text("x"), "sid", "abc", timedelta(days=1))

    assert header(answer, "set-cookie") == "sid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400"
    assert header(answer, "cache-control") == "no-store"


def test_cookie_on_https_is_bound_to_the_host() -> None:
    house = a_house("https://calls.example")
    ask = Ask(house, {"method": "GET", "path": "/", "headers": [(b"cookie", b"sid=tossed; __Host-sid=mine")]})

    answer = with_cookie(ask, text("x"), "sid", "abc")

    assert header(answer, "set-cookie") == "__Host-sid=abc; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert ask.cookie("sid") == "mine"


def test_cookie_is_taken_back(ask: Ask) -> None:
    answer = without_cookie(ask, text("x"), "sid")

    assert header(answer, "set-cookie") == "sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"


def test_ask_reads_the_clock_once(ask: Ask) -> None:
    assert ask.now == NOON


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (an_answer(), ["/tara"]),
        (an_answer(status=404), []),
        (an_answer(cache_control="no-store"), []),
        (an_answer().with_header("set-cookie", "sid=abc"), []),
    ],
)
def test_only_what_is_good_for_everybody_is_kept(ask: Ask, answer: Answer, kept: list[str]) -> None:
    everybody = Ask(ask.house, {**ask.scope, "query_string": b""})

    keep(everybody, 0, answer, tags={"show:1"})

    assert list(ask.house.kept._places) == kept
