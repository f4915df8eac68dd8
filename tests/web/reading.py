"""What somebody reads on a page, without the tags."""

import re
from html import unescape

from httpx import Response


def words(answer: Response) -> str:
    """The page's own words, those of menus and footers left away."""
    return plain(re.search(r"<main.*?</main>", answer.text, re.DOTALL)[0])  # type: ignore[index]


def rows(answer: Response) -> list[list[str]]:
    """The cells of each row of the page's tables, heads left away."""
    found = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", answer.text, re.DOTALL)]
    return [[plain(cell) for cell in cells] for cells in found if 'scope="col"' not in cells[0]]


def items(answer: Response) -> list[str]:
    """The items of the lists in the page's main part."""
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)[0]  # type: ignore[index]
    return [plain(it) for it in re.findall(r"<li>.*?</li>", main, re.DOTALL)]


def carried(answer: Response) -> dict[str, str | list[str]]:
    """What the hidden fields of the page's forms hold, Undo's left away."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.text):
        if name != "back":
            fields.setdefault(unescape(name), []).append(unescape(value))
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def errors(answer: Response) -> list[str]:
    """The sentences of the summary on top of a form."""
    box = re.search(r'<div class="errors.*?</div>', answer.text, re.DOTALL)
    return [plain(it) for it in re.findall(r"<li>.*?</li>", box[0], re.DOTALL)] if box else []


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()
