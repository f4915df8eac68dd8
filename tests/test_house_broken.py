"""Breaks each law of the house on purpose, in a small house of its own, and sees the breach named by file and line."""

from pathlib import Path

import pytest

from tests import test_house as laws
from tests.house import House

WELL_KEPT = {
    "calls/__init__.py": "",
    "calls/ground/clock.py": "import datetime\n",
    "calls/ground/text.py": "",
    "calls/gateways/mail.py": "from calls.ground import clock\n",
    "calls/settings.py": "import os\n",
    "calls/history/models.py": "import sqlalchemy\n",
    "calls/history/keeping.py": "from calls.ground import clock\nfrom calls.history import models\n",
    "calls/team/signing_in.py": "from calls.history.keeping import keep\n",
    "calls/shows/__init__.py": "",
    "calls/shows/models.py": "from calls.ground import text\nfrom calls.history.models import Change\n",
    "calls/shows/schedule.py": "import re\nimport dateutil.rrule\nfrom calls.ground.text import clean\nfrom . import stages\n",
    "calls/shows/stages.py": "",
    "calls/shows/queries.py": "from calls.shows import models, schedule\n",
    "calls/shows/moving.py": "from calls.gateways import mail\nfrom calls.history import keeping\nfrom . import models, stages\n",
    "calls/messages/mails.py": "from calls.shows import stages\n",
    "calls/follow_ups.py": "from calls.shows import moving\n",
    "calls/pending.py": "from calls import follow_ups\n",
    "calls/api/calls.py": "from calls import follow_ups\n",
    "calls/web/host/calls.py": "from calls import __version__, follow_ups\nfrom calls.web import pages\n",
    "calls/web/pages.py": "",
    "calls/worker.py": "from calls import follow_ups, settings\ntry:\n    x = 1\nexcept Exception:\n    x = 2\n",
    "calls/app.py": "from calls import settings, worker\nfrom calls.web.host import calls\n",
    "calls/demo/cast.py": "from calls import app, follow_ups, settings\n",
    "calls/cli.py": "from calls import app, demo, settings\nfrom calls.demo import cast\n",
    "templates/host/call.html": "<h1>Call</h1>\n" * 120,
    "calls/web/static/css/parts.css": "a {}\n" * 500,
}


def a_house(root: Path, changed: dict[str, str]) -> House:
    """The well kept house with some files put in or replaced; each module opens with words, so code starts on line 2."""
    for name, text in (WELL_KEPT | changed).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('"""What it is for."""\n' + text if name.endswith(".py") else text)
    return House(root)


def breaches(house: House) -> list[str]:
    return [breach for law in laws.LAWS for breach in law(house)]


def test_well_kept_house_breaks_no_law(tmp_path: Path) -> None:
    house = a_house(tmp_path, {})

    assert breaches(house) == []


@pytest.mark.parametrize(
    ("law", "name", "text", "breach"),
    [
        (
            laws.every_module_has_a_floor,
            "calls/plans.py",
            "",
            "calls/plans.py stands on no floor",
        ),
        (
            laws.imports_go_down,
            "calls/ground/tokens.py",
            "from calls.settings import SECRET\n",
            "calls/ground/tokens.py:2 opens a door to calls.settings, which is not below it",
        ),
        (
            laws.imports_go_down,
            "calls/shows/planning.py",
            "import os\nimport calls.messages.writing\n",
            "calls/shows/planning.py:3 opens a door to calls.messages.writing, which is not below it",
        ),
        (
            laws.imports_go_down,
            "calls/history/models.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from calls.shows.models import Call\n",
            "calls/history/models.py:4 opens a door to calls.shows.models, which is not below it",
        ),
        (
            laws.imports_go_down,
            "calls/api/shows.py",
            "from calls.web import pages\n",
            "calls/api/shows.py:2 opens a door to calls.web.pages, which is not below it",
        ),
        (
            laws.imports_go_down,
            "calls/inbound/mail.py",
            "from ..api import calls\n",
            "calls/inbound/mail.py:2 opens a door to calls.api.calls, which is not below it",
        ),
        (
            laws.imports_go_down,
            "calls/gateways/post.py",
            "from calls import settings\n",
            "calls/gateways/post.py:2 opens a door to calls.settings, which is not below it",
        ),
        (
            laws.imports_go_down,
            "calls/app.py",
            "from calls import cli\n",
            "calls/app.py:2 opens a door to calls.cli, which is not below it",
        ),
        (
            laws.few_open_the_guarded_doors,
            "calls/web/public/front.py",
            "from calls import follow_ups\n",
            "calls/web/public/front.py:2 opens follow_ups, which only worker, pending, web.host, api, demo may",
        ),
        (
            laws.few_open_the_guarded_doors,
            "calls/web/pages.py",
            "from calls.settings import Settings\n",
            "calls/web/pages.py:2 opens settings, which only app, worker, cli, demo may",
        ),
        (
            laws.few_open_the_guarded_doors,
            "calls/__main__.py",
            "from calls.demo import cast\n",
            "calls/__main__.py:2 opens demo, which only cli may",
        ),
        (
            laws.rooms_open_on_nothing,
            "calls/shows/__init__.py",
            "from calls.shows import models\n",
            "calls/shows/__init__.py:2 imports calls.shows.models; a room's own file only says what the room is for",
        ),
        (
            laws.rules_are_pure,
            "calls/shows/seats.py",
            "from calls.shows import models\n",
            "calls/shows/seats.py:2 is a rule and imports calls.shows.models",
        ),
        (
            laws.rules_are_pure,
            "calls/shows/seats.py",
            "from calls.ground.clock import now\n",
            "calls/shows/seats.py:2 is a rule and imports calls.ground.clock",
        ),
        (
            laws.rules_are_pure,
            "calls/shows/seats.py",
            "from sqlalchemy.orm import Session\n",
            "calls/shows/seats.py:2 is a rule and imports sqlalchemy",
        ),
        (
            laws.rules_are_pure,
            "calls/shows/seats.py",
            "from calls.shows.queries import board\n",
            "calls/shows/seats.py:2 is a rule and imports calls.shows.queries",
        ),
        (
            laws.models_know_only_lower_models,
            "calls/shows/models.py",
            "from calls.shows import stages\n",
            "calls/shows/models.py:2 holds tables and imports calls.shows.stages",
        ),
        (
            laws.queries_only_find,
            "calls/shows/queries.py",
            "from calls.gateways.mail import send\n",
            "calls/shows/queries.py:2 finds things and imports calls.gateways.mail",
        ),
        (
            laws.queries_only_find,
            "calls/shows/queries.py",
            "from calls.history.keeping import keep\n",
            "calls/shows/queries.py:2 finds things and imports calls.history.keeping",
        ),
        (
            laws.doors_are_in_sight,
            "calls/shows/moving.py",
            "def move():\n    def later():\n        import smtplib\n",
            "calls/shows/moving.py:4 imports where nobody looks: inside a function, or from a string",
        ),
        (
            laws.doors_are_in_sight,
            "calls/shows/moving.py",
            "import importlib\nMESSAGES = importlib.import_module('calls.messages')\n",
            "calls/shows/moving.py:3 imports where nobody looks: inside a function, or from a string",
        ),
        (
            laws.nothing_goes_round,
            "calls/shows/stages.py",
            "from calls.shows import schedule\n",
            "a circle of imports: calls.shows.schedule > calls.shows.stages > calls.shows.schedule",
        ),
        (
            laws.pieces_stay_small,
            "calls/shows/moving.py",
            "x = 1\n\n" * 250,
            "calls/shows/moving.py has 251 lines of at most 250",
        ),
        (
            laws.pieces_stay_small,
            "calls/shows/moving.py",
            "class Move:\n    async def move(self):\n" + "        x = 1\n\n" * 40,
            "calls/shows/moving.py:3 move has 41 lines of at most 40",
        ),
        (
            laws.pages_and_styles_stay_small,
            "templates/host/call.html",
            "<p>\n" * 121,
            "templates/host/call.html has 121 lines of at most 120",
        ),
        (
            laws.pages_and_styles_stay_small,
            "calls/web/static/css/parts.css",
            "a {}\n" * 501,
            "calls/web/static/css/parts.css has 501 lines of at most 500",
        ),
        (
            laws.one_place_catches_everything,
            "calls/shows/moving.py",
            "try:\n    x = 1\nexcept (ValueError, Exception):\n    x = 2\n",
            "calls/shows/moving.py:4 catches everything; only the worker's loop does, once",
        ),
        (
            laws.one_place_catches_everything,
            "calls/shows/moving.py",
            "try:\n    x = 1\nexcept:\n    x = 2\n",
            "calls/shows/moving.py:4 catches everything; only the worker's loop does, once",
        ),
        (
            laws.one_place_catches_everything,
            "calls/shows/moving.py",
            "from contextlib import suppress\nwith suppress(Exception):\n    x = 1\n",
            "calls/shows/moving.py:3 catches everything; only the worker's loop does, once",
        ),
        (
            laws.one_place_catches_everything,
            "calls/worker.py",
            "try:\n    x = 1\nexcept Exception:\n    x = 2\ntry:\n    x = 1\nexcept BaseException:\n    x = 2\n",
            "calls/worker.py:8 catches everything; only the worker's loop does, once",
        ),
        (
            laws.everything_says_what_it_is,
            "calls/shows/moving.py",
            "class CallManager:\n    pass\n",
            "calls/shows/moving.py:2 CallManager is named by a word that says nothing",
        ),
    ],
)
def test_breach_is_named_by_file_and_line(tmp_path: Path, law: laws.Law, name: str, text: str, breach: str) -> None:
    house = a_house(tmp_path, {name: text})

    assert list(law(house)) == [breach]


def test_module_without_words_is_named(tmp_path: Path) -> None:
    house = a_house(tmp_path, {})
    (tmp_path / "calls/shows/stages.py").write_text("x = 1\n")

    assert breaches(house) == ["calls/shows/stages.py does not say what it is for"]


def test_circle_through_several_modules_is_named_once(tmp_path: Path) -> None:
    house = a_house(
        tmp_path,
        {
            "calls/ground/clock.py": "from calls.ground import text\n",
            "calls/ground/text.py": "import calls.ground.zones\n",
            "calls/ground/zones.py": "from .clock import now\n",
        },
    )

    round_the_ground = "calls.ground.clock > calls.ground.text > calls.ground.zones > calls.ground.clock"
    assert breaches(house) == [f"a circle of imports: {round_the_ground}"]


def test_step_of_the_database_may_be_long(tmp_path: Path) -> None:
    house = a_house(tmp_path, {"calls/migrations/versions/0001_first_tables.py": "def upgrade():\n" + "    x = 1\n" * 300})

    assert breaches(house) == []
