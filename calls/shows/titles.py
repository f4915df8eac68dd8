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


def host_headline(show_name: str, title: str, guest_name: str, taken: int, capacity: int) -> str:
    """The same for those who run it: "[3 of 50] Ask Tara: Dr. Ono", or "[3 of 50] OPEN · Ask Tara" with neither title nor guest.

    What is to be seen at a glance stands first, since phones cut the end off.
    """
    is_open = "" if title or guest_name else "OPEN · "
    return f"[{taken:,} of {capacity:,}] {is_open}{headline(show_name, title, guest_name)}"
