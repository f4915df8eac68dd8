"""Markdown as people type it, made into safe HTML and into a plain letter. Without HTML, without pictures."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markdown_it.utils import EnvType, OptionsDict

from calls.ground.text import clean

_SAFE_ADDRESS = re.compile(r"(?:https?://[^/?#\s]|mailto:|tel:)", re.IGNORECASE)
_SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
_SAFE_TAGS = {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "ul"}
_SAFE_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_TOP_HEADING = 2  # the page's own name is its first heading
_LOWEST_HEADING = 4


def markdown_to_html(text: str) -> str:
    """Safe HTML. A line's end is kept as one; headings begin at the second level and skip none; pictures leave their words."""
    return _html(_MARKDOWN.parse(clean(text)))


@lru_cache(maxsize=32)  # all calls of a feed mostly say what their show says
def markdown_to_text(text: str) -> str:
    """A letter to be read as it is: links as "words: address", lists with dashes, lines as long as they were typed."""
    return _text(_MARKDOWN.parse(clean(text)))


def markdown_to_both(text: str) -> tuple[str, str]:
    """The plain letter and the safe HTML of the same words, which are read only once: that is most of the work."""
    tokens = _MARKDOWN.parse(clean(text))
    return _text(tokens), _html(tokens)


def is_safe_address(address: str) -> bool:
    """Whether a link may lead there: the web, mail and telephone, by its full address."""
    return _SAFE_ADDRESS.match(address) is not None


def _text(tokens: list[Token]) -> str:
    return _blocks(SyntaxTreeNode(tokens).children)


def _html(tokens: list[Token]) -> str:
    _level_headings(tokens)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    # The parser lets no HTML through; the sanitizer stands behind it in case it ever does.
    return _SANITIZER.clean(html)


def _level_headings(tokens: Sequence[Token]) -> None:
    """Give the heading levels used, whichever they are, the ones from the second on, so that no outline has a hole."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    used = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(_TOP_HEADING + used.index(token.tag), _LOWEST_HEADING)}"


def _picture_as_words(_: RendererHTML, tokens: Sequence[Token], index: int, __: OptionsDict, ___: EnvType) -> str:
    return escapeHtml(tokens[index].content)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> str:
    return "\n\n".join(filter(None, (_block(node) for node in nodes)))


def _block(node: SyntaxTreeNode) -> str:
    write = _BLOCKS.get(node.type)
    return write(node) if write else node.content.rstrip("\n")


def _list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    items = [
        _hang(f"{first + place}. " if node.type == "ordered_list" else "- ", _blocks(item.children))
        for place, item in enumerate(node.children)
    ]
    return "\n".join(items)


def _hang(mark: str, text: str) -> str:
    """The mark before the first line, and the other lines set in under it."""
    return mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text)


def _quote(node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _blocks(node.children).split("\n"))


def _inline(node: SyntaxTreeNode) -> str:
    write = _INLINES.get(node.type)
    if write:
        return write(node)
    return "".join(_inline(child) for child in node.children) if node.children else node.content


def _link(node: SyntaxTreeNode) -> str:
    address = str(node.attrs.get("href", ""))
    shown = unquote(address.removeprefix("tel:")) if address.startswith("tel:") else address.removeprefix("mailto:")
    words = "".join(_inline(child) for child in node.children)
    return shown if node.info == "auto" or words in ("", address, shown) else f"{words}: {shown}"


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "paragraph": _inline,
    "heading": _inline,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "hr": lambda _: "* * *",
}
_INLINES: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "softbreak": lambda _: "\n",
    "hardbreak": lambda _: "\n",
    "image": lambda node: node.content,
    "link": _link,
}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.add_render_rule("image", _picture_as_words)
    # The parser offers this seam as an attribute: the rule for addresses is ours, narrower than its own.
    setattr(parser, "validateLink", is_safe_address)  # noqa: B010
    return parser


_MARKDOWN = _parser()
_SANITIZER = nh3.Cleaner(
    tags=_SAFE_TAGS,
    attributes=_SAFE_ATTRIBUTES,
    url_schemes=_SAFE_SCHEMES,
    link_rel="nofollow noopener",
    url_relative="deny",
)
