"""What was kept and is out of date is made anew once, however many ask for it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import keep
from tests.web.little import an_answer, little

MANY = 8
TAGS = frozenset({"show:1"})


class Page:
    """A page that is made slowly, counts how often, and can be told not to be kept."""

    def __init__(self) -> None:
        self.made = 0
        self.is_kept = True
        self.may_go_on = Event()
        self.may_go_on.set()

    def __call__(self, ask: Ask) -> Answer:
        ticket = ask.house.kept.begin()
        self.made += 1
        answer = an_answer(f"made {self.made} times")
        self.may_go_on.wait(10)
        return keep(ask, ticket, answer, tags=TAGS) if self.is_kept else answer


def asked_by_many(page: Page, *, is_kept: bool) -> list[str]:
    """Keep the page, drop it, and let many ask for it at once: what each of them is shown."""

    @get("/tara")
    def tara(ask: Ask) -> Answer:
        return page(ask)

    together = Barrier(MANY + 1)
    with little(tara) as app, ThreadPoolExecutor(MANY) as pool:

        def look() -> str:
            together.wait()
            return app.browser.get("/tara").text

        app.browser.get("/tara")
        app.house.kept.drop(TAGS)
        page.may_go_on.clear()
        page.is_kept = is_kept
        looks = [pool.submit(look) for _ in range(MANY)]
        together.wait()
        page.may_go_on.wait(0.2)
        page.may_go_on.set()
        return [it.result() for it in looks]


def test_many_at_once_are_shown_what_one_has_made() -> None:
    page = Page()

    shown = asked_by_many(page, is_kept=True)

    assert (page.made, shown) == (2, ["made 2 times"] * MANY)


def test_many_at_once_each_get_their_own_where_it_is_not_kept() -> None:
    page = Page()

    shown = asked_by_many(page, is_kept=False)

    assert (page.made, sorted(shown)) == (MANY + 1, sorted(f"made {number + 2} times" for number in range(MANY)))
