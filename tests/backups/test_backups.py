"""A backup is whole, private and never in the way; a restore brings back what was there, in either database, or nothing."""

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from calls.backups import making, restoring
from calls.backups.archive import Archive, Manifest, mark
from calls.ground.database import Database
from calls.ground.refusals import Refused
from calls.migrations.running import standing, steps, upgrade
from calls.registrations.models import Registration
from calls.shows.models import Call, Show
from tests.builders import NOW, a_call, a_registration, a_show
from tests.conftest import NewAddress
from tests.filling import contents, fill

SECRET = b"a secret of more than thirty-two characters"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monday.calls"


@pytest.fixture(params=["sqlite", "postgres"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Another database, without any table."""
    make: NewAddress = request.getfixturevalue(f"new_{request.param}")
    database = Database(make())
    yield database
    database.close()


@pytest.fixture
def new_file(new_sqlite: NewAddress) -> Iterator[Database]:
    database = Database(new_sqlite())
    yield database
    database.close()


def test_backup_is_restored_row_by_row_into_either_database(database: Database, elsewhere: Database, file: Path) -> None:
    with database.writer.begin() as connection:
        fill(connection)

    back_up(database, file)
    restore(elsewhere, file)

    assert contents(elsewhere) == contents(database)
    assert {len(rows) for rows in contents(elsewhere).values()} == {1}
    assert standing(elsewhere) == "current"


def test_backup_tells_what_it_is_and_how_far_it_is(database: Database, file: Path) -> None:
    with database.transaction() as session:
        for _ in range(250):
            a_show(session)
    told: list[tuple[int, int]] = []

    manifest = making.make(database, file, secret=SECRET, keeps_secret=False, now=NOW, progress=lambda *it: told.append(it))

    assert told == [(200, 500), (250, 500), (450, 500), (500, 500)]
    assert (manifest.count, manifest.made_at, manifest.tables["shows"].count) == (500, "2026-11-22T12:00:00+00:00", 250)
    with Archive(file) as archive:
        assert archive.manifest == manifest


def test_backup_is_for_its_owner_alone_and_leaves_nothing_else(database: Database, file: Path) -> None:
    back_up(database, file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if "monday" in path.name] == ["monday.calls"]


def test_backup_holds_the_secret_only_when_told_to(database: Database, file: Path) -> None:
    back_up(database, file, keeps_secret=True)
    back_up(database, file.with_name("tuesday.calls"))

    with Archive(file) as with_it, Archive(file.with_name("tuesday.calls")) as without:
        assert (with_it.secret, without.secret) == (SECRET, None)
        assert without.manifest.secret_mark == mark(SECRET)


def test_backup_overwrites_no_file(database: Database, file: Path) -> None:
    file.write_text("mine")

    with pytest.raises(Refused, match="a backup never overwrites a file"):
        back_up(database, file)

    assert file.read_text() == "mine"


def test_backup_that_breaks_off_leaves_no_file(database: Database, file: Path) -> None:
    with database.transaction() as session:
        a_show(session)

    with pytest.raises(KeyboardInterrupt):
        making.make(database, file, secret=SECRET, keeps_secret=False, now=NOW, progress=interrupt)

    assert list(file.parent.glob("*monday*")) == []


def test_backup_of_a_database_without_tables_is_refused(elsewhere: Database, file: Path) -> None:
    with pytest.raises(Refused, match="There is nothing to back up"):
        back_up(elsewhere, file)


def test_backup_of_a_damaged_file_is_refused(sqlite_address: str, file: Path) -> None:
    database = Database(sqlite_address)
    with database.transaction() as session:
        for _ in range(500):
            a_show(session)
    database.close()
    damage(Path(str(database.url.database)), 0.8)

    with pytest.raises(Refused, match="The database file is damaged"):
        back_up(Database(sqlite_address), file)


def test_backup_under_load_is_one_moment_with_everything_acknowledged_before_it(
    database: Database, elsewhere: Database, file: Path
) -> None:
    with database.transaction() as session:
        call_id = a_call(session, a_show(session), capacity=100_000).id
    load = Load(database, call_id)

    load.wait_for(30)
    before = load.acknowledged
    back_up(database, file)
    load.wait_for(before + 5)
    load.stop()
    restore(elsewhere, file)

    with elsewhere.reading() as session:
        registered = session.scalar(sa.select(sa.func.count()).select_from(Registration)) or 0
        taken = session.scalars(sa.select(Call.taken)).one()
    assert taken == registered
    assert before <= registered < load.acknowledged
    assert faults(elsewhere) == []


def test_restore_into_a_database_that_holds_anything_is_refused(database: Database, file: Path) -> None:
    with database.transaction() as session:
        a_show(session)
    back_up(database, file)
    before = contents(database)

    with pytest.raises(Refused, match=r"already holds something \(in “\w+”\), and a restore never overwrites"):
        restore(database, file)

    assert contents(database) == before


def test_restore_into_empty_tables_of_a_first_start_is_allowed(database: Database, elsewhere: Database, file: Path) -> None:
    with database.transaction() as session:
        a_registration(session, a_call(session, a_show(session)))
    back_up(database, file)
    upgrade(elsewhere)

    restore(elsewhere, file)

    assert contents(elsewhere) == contents(database)


def test_restore_that_breaks_off_leaves_the_database_as_it_was(database: Database, elsewhere: Database, file: Path) -> None:
    with database.transaction() as session:
        a_show(session)
    back_up(database, file)

    with pytest.raises(KeyboardInterrupt), Archive(file) as archive:
        restoring.restore(elsewhere, archive, is_moving=False, now=NOW, progress=interrupt)

    assert sa.inspect(elsewhere.reader).get_table_names() == []


@pytest.mark.parametrize("where", [0.1, 0.3, 0.5, 0.9])
def test_restore_of_a_damaged_backup_is_refused(sqlite_address: str, new_file: Database, file: Path, where: float) -> None:
    database = Database(sqlite_address)
    with database.transaction() as session:
        for _ in range(200):
            a_show(session)
    back_up(database, file)
    database.close()
    damage(file, where)

    with pytest.raises(Refused, match=r"backup is damaged|is no backup of Calls"):
        restore(new_file, file)

    assert sa.inspect(new_file.reader).get_table_names() == []


def test_restore_of_the_beginning_of_a_backup_is_refused(sqlite_address: str, new_file: Database, file: Path) -> None:
    database = Database(sqlite_address)
    back_up(database, file)
    database.close()
    file.write_bytes(file.read_bytes()[:-50])

    with pytest.raises(Refused, match="is no backup of Calls, or only the beginning of one"):
        restore(new_file, file)


def test_restore_of_what_is_no_backup_is_refused(new_file: Database, file: Path) -> None:
    file.write_text("Dear diary")

    with pytest.raises(Refused, match="is no backup of Calls"):
        restore(new_file, file)


def test_restore_of_a_missing_file_is_refused(new_file: Database, file: Path) -> None:
    with pytest.raises(Refused, match="There is no file"):
        restore(new_file, file)


def test_restore_of_a_newer_releases_backup_is_refused(database: Database, elsewhere: Database, file: Path) -> None:
    with database.transaction() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999_later'"))
    back_up(database, file)
    with database.transaction() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = :newest"), {"newest": steps()[-1]})

    with pytest.raises(Refused, match="newer release of Calls"):
        restore(elsewhere, file)


def back_up(database: Database, file: Path, *, keeps_secret: bool = False) -> Manifest:
    return making.make(database, file, secret=SECRET, keeps_secret=keeps_secret, now=NOW, progress=silent)


def restore(database: Database, file: Path) -> None:
    with Archive(file) as archive:
        restoring.restore(database, archive, is_moving=True, now=NOW, progress=silent)


def silent(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def interrupt(done: int, total: int) -> None:
    raise KeyboardInterrupt


def damage(file: Path, where: float) -> None:
    """Overwrite a few dozen bytes in the midst of a file."""
    content = bytearray(file.read_bytes())
    start = int(len(content) * where)
    content[start : start + 40] = b"\xa5" * 40
    file.write_bytes(content)


def faults(database: Database) -> list[object]:
    """What the database itself finds wrong with its file; PostgreSQL checks its references as it writes."""
    if not database.is_sqlite:
        return []
    with database.reading() as session:
        integrity = session.scalars(sa.text("PRAGMA integrity_check")).all()
        return [it for it in integrity if it != "ok"] + list(session.execute(sa.text("PRAGMA foreign_key_check")))


class Load:
    """Four threads that register people for one call until they are stopped."""

    def __init__(self, database: Database, call_id: object) -> None:
        self._database, self._call_id = database, call_id
        self._is_over = threading.Event()
        self._more = threading.Condition()
        self.acknowledged = 0
        self._threads = [threading.Thread(target=self._register) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: self.acknowledged >= count, timeout=60)

    def stop(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _register(self) -> None:
        while not self._is_over.is_set():
            with self._database.transaction() as session:
                call = session.get_one(Call, self._call_id, with_for_update=True)
                session.get_one(Show, call.show_id)
                a_registration(session, call)
            with self._more:
                self.acknowledged += 1
                self._more.notify_all()
