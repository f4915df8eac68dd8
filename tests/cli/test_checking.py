"""What is wrong with a set-up is said with its mend."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calls.cli.checking import told
from calls.cli.findings import Finding, look_at_address, look_at_disk, look_at_mail, look_at_mailbox, look_at_zones
from calls.cli.opening import sqlite_file
from calls.ground import zones
from calls.migrations.running import steps
from calls.settings import Settings, read
from tests.builders import NOW
from tests.cli.conftest import Operator
from tests.gateways.dovecot import dovecot


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read({"CALLS_DATA": str(tmp_path)})


def test_check_of_a_good_set_up_passes(operator: Operator) -> None:
    operator.run("migrate")

    done = operator.run("check")

    assert done.exit_code == 0
    assert [line[:5].strip() for line in done.stdout.splitlines() if line[0] != " "].count("FAULT") == 0
    assert f"ok    Database: at {steps()[-1]}, which is this release's" in done.stdout


def test_check_before_the_first_start_makes_no_database(operator: Operator) -> None:
    done = operator.run("check")

    assert done.exit_code == 0
    assert [path.name for path in Path(operator.settings["CALLS_DATA"]).iterdir()] == ["secret"]


def test_check_finds_a_database_that_is_behind(operator_of_either: Operator) -> None:
    file = sqlite_file(read(operator_of_either.settings))
    if file:
        file.touch()

    done = operator_of_either.run("check")

    assert done.exit_code == 1
    assert "FAULT Database: behind this release\n      Run `calls migrate`, or start `calls serve`.\n" in done.stdout


def test_check_finds_a_database_that_cannot_be_reached(operator: Operator) -> None:
    done = operator.run("check", CALLS_DATABASE="postgresql://calls:tiptop@127.0.0.1:1/calls")

    assert done.exit_code == 1
    assert "FAULT Database: The database cannot be used: " in done.stdout
    assert done.stderr == "Error: One thing must be mended.\n"
    assert "tiptop" not in done.output


def test_check_finds_a_mail_server_that_is_not_there(settings: Settings) -> None:
    found = look_at_mail(replace(settings, smtp="smtp://127.0.0.1:1"))

    assert (found.weight, found.mend) == ("fault", "Correct CALLS_SMTP, or mend the mail server.")


def test_check_finds_a_mail_address_that_cannot_be_read(settings: Settings) -> None:
    found = look_at_mail(replace(settings, smtp="smtp://name@mail.example.com"))

    assert (found.weight, "without a password" in found.words) == ("fault", True)


def test_check_notes_that_mails_stay_in_a_folder(settings: Settings) -> None:
    assert look_at_mail(settings).weight == "note"


def test_check_finds_a_mailbox_that_is_not_there(settings: Settings) -> None:
    [found, note] = look_at_mailbox(replace(settings, imap="imap://me:hush@127.0.0.1:1"))

    assert (found.weight, found.mend) == ("fault", "Correct CALLS_IMAP, or mend the mail server.")
    assert "hush" not in found.words
    assert (note.weight, note.words) == ("note", "no sender of an answer is believed, so none counts")


def test_check_finds_a_mailbox_whose_address_cannot_be_read(settings: Settings) -> None:
    [found, _] = look_at_mailbox(replace(settings, imap="imaps://me:hush@mail.example/INBOX?tls=off"))

    assert (found.weight, "goes on after the folder" in found.words, "hush" in found.words) == ("fault", True, False)


def test_check_finds_a_mailbox_that_lets_us_in(settings: Settings) -> None:
    with dovecot() as server:
        found = look_at_mailbox(replace(settings, imap=server.tls_url, imap_authserv="mx.calls.example"))

        assert list(found) == [Finding("ok", "Mailbox", "the server lets us in")]


def test_check_notes_that_no_mailbox_is_read(settings: Settings) -> None:
    assert weights(look_at_mailbox(settings)) == ["note"]


def test_check_finds_a_full_disk(settings: Settings) -> None:
    assert weights(look_at_disk(settings)) == ["ok"]
    assert weights(look_at_disk(settings, least=10**18)) == ["fault"]


def test_check_finds_old_time_zones() -> None:
    year = int(zones.VERSION[:4])

    assert look_at_zones(NOW).weight == "ok"
    assert look_at_zones(datetime(year + 3, 1, 1, tzinfo=UTC)).weight == "fault"


def test_check_finds_an_address_that_nobody_knows(settings: Settings) -> None:
    found = list(look_at_address(replace(settings, url="https://calls.invalid")))

    assert found == [
        Finding("fault", "Public address", "nobody knows where calls.invalid is", "Make its DNS record, or correct CALLS_URL.")
    ]


def test_check_takes_an_address_of_this_machine(settings: Settings) -> None:
    assert weights(look_at_address(settings)) == ["note"]
    assert weights(look_at_address(replace(settings, url="https://localhost"))) == ["ok"]


def test_finding_is_told_with_its_mend() -> None:
    assert told(Finding("fault", "Disk", "full", "Make room.")) == "FAULT Disk: full\n      Make room."
    assert told(Finding("ok", "Disk", "empty")) == "ok    Disk: empty"


def weights(findings: Iterable[Finding]) -> list[str]:
    return [finding.weight for finding in findings]
