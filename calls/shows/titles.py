"""What a call is called wherever it is named in one line."""


def headline(show_name: str, title: str, guest_name: str) -> str:
    """The show, then what the call is about and who speaks: "Ask Tara: Sleep, with Dr. Ono"."""
    if title and guest_name:
        return f"{show_name}: {title}, with {guest_name}"
    return f"{show_name}: {title or guest_name}" if title or guest_name else show_name


def subject_of(title: str, guest_name: str, show_name: str) -> str:
    """The same without the show, for a list of its own calls."""
    if title and guest_name:
        return f"{title}, with {guest_name}"
    return title or guest_name or show_name
