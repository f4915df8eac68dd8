"""Markdown becomes safe HTML and a readable letter."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground.markdown import markdown_to_both, markdown_to_html, markdown_to_text

REL = 'rel="nofollow noopener"'


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**Tara** and *Bob*", "<p><strong>Tara</strong> and <em>Bob</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("[site](https://example.com)", f'<p><a href="https://example.com" {REL}>site</a></p>\n'),
        ('[site](https://example.com "title")', f'<p><a href="https://example.com" {REL}>site</a></p>\n'),
        ("[ring](tel:+15551)", f'<p><a href="tel:+15551" {REL}>ring</a></p>\n'),
        ("<ann@example.com>", f'<p><a href="mailto:ann@example.com" {REL}>ann@example.com</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        ("[x](/host)", "<p>[x](/host)</p>\n"),
        ("[x](//evil.example)", "<p>[x](//evil.example)</p>\n"),
        ("![picture](https://evil.example/x.png)", "<p>picture</p>\n"),
        ('![<b onclick="x">](https://evil.example/x.png)', '<p>&lt;b onclick="x"&gt;</p>\n'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("# One\n\n### Two", "<h2>One</h2>\n<h3>Two</h3>\n"),
        ("#### Only", "<h2>Only</h2>\n"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n'),
        ("a\x00b", "<p>ab</p>\n"),
    ],
)
def test_markdown_becomes_safe_html(typed: str, html: str) -> None:
    assert markdown_to_html(typed) == html


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("**Tara** and *Bob*", "Tara and Bob"),
        ("one\ntwo  \nthree", "one\ntwo\nthree"),
        ("# Head\n\nBody", "Head\n\nBody"),
        ("[site](https://example.com)", "site: https://example.com"),
        ("<https://example.com>", "https://example.com"),
        ("[https://example.com](https://example.com)", "https://example.com"),
        ("[write](mailto:ann@example.com)", "write: ann@example.com"),
        ("[ring](tel:+15551)", "ring: +15551"),
        ("* a\n* b\n  c", "- a\n- b\n  c"),
        ("2. a\n3. b\n   - c", "2. a\n3. b\n   \n   - c".replace("   \n", "\n")),
        ("> a\n>\n> b", "> a\n>\n> b"),
        ("```\ncode\n  more\n```", "code\n  more"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("![picture](https://example.com/x.png)", "picture"),
        ("1 &lt; 2 \\* 3", "1 < 2 * 3"),
        ("", ""),
    ],
)
def test_markdown_becomes_a_letter(typed: str, text: str) -> None:
    assert markdown_to_text(typed) == text


SIGNS = ["[", "](", ")", "<", ">", "![", "&#106;", "`", "*", "_", "#", "-", "1.", '"', "'", "\\", "x", "<!--", "]]>", "&lt;"]
WORDS = ["javascript:", "http://", "<script>", "<img/src=x/onerror=1>"]
BLANKS = ["\n", "\n\n", " ", "    ", "\x00", "\u202e"]
PIECES = st.sampled_from(SIGNS + WORDS + BLANKS)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
def test_no_markdown_makes_a_tag_or_an_address_of_its_own(typed: str) -> None:
    html = markdown_to_html(typed)
    both = markdown_to_both(typed)

    assert both == (markdown_to_text(typed), html)
    tags = re.findall(r"<(/?[a-z0-9]+)([^>]*)>", html)
    allowed = r"a|blockquote|br|code|em|h[234]|hr|li|ol|p|pre|strong|ul"
    strangers = [tag for tag, _ in tags if not re.fullmatch(f"/?(?:{allowed})", tag)]
    attributes = [
        words
        for _, words in tags
        if words and not re.fullmatch(rf' start="\d+"| href="(?:https?://|mailto:|tel:)[^"]*" {REL}', words)
    ]
    assert strangers == []
    assert attributes == []
