"""Texts that a guest can paste as they are: one for a post, one for a letter to her own people, one line."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Occasion:
    """What the texts tell. `when` names day, time and zone; `link` is the guest's own short link."""

    show: str
    host: str
    topic: str
    when: str
    link: str
    is_free: bool = True


@dataclass(frozen=True)
class Text:
    """A text with what it is for; `subject` is a letter's."""

    label: str
    body: str
    subject: str = ""


def texts(it: Occasion) -> list[Text]:
    """Three texts, in her own voice."""
    about = f" about “{it.topic}”" if it.topic else ""
    with_whom = f" with {it.host}" if it.host else ""
    free = " It is free;" if it.is_free else ""
    post = (
        f"I am the guest of {it.show}{with_whom}, live on {it.when}.\n\n"
        f"We talk{about}, and you can ask me anything while we are at it. Come by phone or in the browser.{free} register here:\n"
        f"{it.link}"
    )
    letter = (
        "Hello,\n\n"
        f"on {it.when} I am the guest of {it.show}{with_whom}: a live call{about}. You listen by phone or in your browser, "
        "and your questions come to me directly; you can send one when you register.\n\n"
        f"{it.link}\n\n"
        "I would be glad to have you there."
    )
    line = f"Live on {it.when}: {it.topic or 'a call'} on {it.show}. {it.link}"
    return [
        Text("For a post", _mended(post)),
        Text("For a letter to your own people", letter, f"Hear me live: {it.topic or it.show}"),
        Text("In one line", line),
    ]


def _mended(words: str) -> str:
    """A sentence begins with a capital where nothing stands before it."""
    return words.replace(". register here", ". Register here")


def share_links(it: Occasion) -> list[tuple[str, str]]:
    """Name and address of the networks where one can share with one tap; no script of theirs is on our pages."""
    words, link = quote(f"Live on {it.when}: {it.topic or it.show}", safe=""), quote(it.link, safe="")
    return [
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={link}"),
        ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={link}"),
        ("X", f"https://x.com/intent/post?text={words}&url={link}"),
        ("Bluesky", f"https://bsky.app/intent/compose?text={words}%20{link}"),
        ("WhatsApp", f"https://wa.me/?text={words}%20{link}"),
        ("Telegram", f"https://t.me/share/url?url={link}&text={words}"),
        ("E-mail", f"mailto:?subject={words}&body={link}"),
    ]
