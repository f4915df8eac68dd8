"""A mail as it looks, inside one of our pages.

Mail programs read no style sheets, so letters carry their style with them, which our pages forbid. The frame that shows
one has no rights of its own, and the page allows just the styles of this very letter, each by its hash (CSP level 3,
section 2.3.1), and nothing else that is inline.
"""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

from calls.web.answers import Answer
from calls.web.protection import content_policy

STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)
STYLE_ATTRIBUTES = re.compile(r'\sstyle="([^"]*)"')


def with_letter(answer: Answer, html: str) -> Answer:
    """The page, allowed to show this letter in a frame."""
    styles = [*STYLES.findall(html), *(unescape(it) for it in STYLE_ATTRIBUTES.findall(html))]
    hashes = " ".join(dict.fromkeys(f"'sha256-{b64encode(sha256(it.encode()).digest()).decode()}'" for it in styles))
    allowed = f"style-src 'self' 'unsafe-hashes' {hashes}"
    return answer.with_header("content-security-policy", content_policy().replace("style-src 'self'", allowed))
