"""Which page of a long list was asked for."""

from calls.web.asking import Ask
from calls.web.forms import Form


def page_wanted(ask: Ask) -> int:
    return page_in(ask.query)


def page_in(form: Form) -> int:
    """The page that a form or a query names, the first being 1."""
    typed = form.value("page")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
