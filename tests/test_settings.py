"""The settings: good defaults, and for each wrong value a line that says how to mend it and gives no secret away."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from calls.settings import Log, WrongSettings, read


def faults(tmp_path: Path, **environ: str) -> list[str]:
    with pytest.raises(WrongSettings) as refusal:
        read({"CALLS_DATA": str(tmp_path), **environ})
    return refusal.value.faults


def test_nothing_set_gives_a_demo_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    settings = read({})

    assert settings.url == "http://127.0.0.1:8000"
    assert settings.data == tmp_path / "calls-data"
    assert settings.database == f"sqlite:///{tmp_path}/calls-data/calls.sqlite3"
    assert settings.smtp == "outbox:"
    assert settings.mail_from == "{show} <calls@example.com>"
    assert (settings.imap, settings.imap_authserv) == ("", "")
    assert settings.metrics_token == ""
    assert settings.trusted_proxies == ()
    assert settings.log == Log("text", "info")


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = read(
        {
            "CALLS_URL": "https://Calls.Example:8443/",
            "CALLS_DATA": str(tmp_path),
            "CALLS_DATABASE": "postgres://calls:pw@db.example/calls",
            "CALLS_SECRET": "s" * 32,
            "CALLS_SMTP": "smtps://name:pw@mail.example",
            "CALLS_MAIL_FROM": "{show} by Tara <tara@example.org>",
            "CALLS_IMAP": "imaps://name:pw@mail.example/Calls",
            "CALLS_IMAP_AUTHSERV": "MX.mail.example",
            "CALLS_METRICS_TOKEN": "t" * 16,
            "CALLS_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "CALLS_LOG": "json:debug",
            "CALLS_TESTS_REQUIRE": "postgres",
            "HOME": "/",
        }
    )

    assert settings.url == "https://calls.example:8443"
    assert settings.database == "postgresql://calls:pw@db.example/calls"
    assert (settings.secret, settings.is_secret_kept) == (b"s" * 32, False)
    assert settings.smtp == "smtps://name:pw@mail.example"
    assert settings.mail_from == "{show} by Tara <tara@example.org>"
    assert (settings.imap, settings.imap_authserv) == ("imaps://name:pw@mail.example/Calls", "mx.mail.example")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.log == Log("json", "debug")


def test_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    first = read({"CALLS_DATA": str(folder)})
    second = read({"CALLS_DATA": str(folder)})

    assert len(first.secret) == 64
    assert (first.secret, first.is_secret_kept) == (second.secret, True)
    assert first.secret_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret"]


def test_secret_that_was_cut_short_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")

    assert faults(tmp_path) == [f"The secret in {tmp_path}/secret is too short to be one. Bring back the file from a backup."]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("CALLS_URL", "http://calls.example", "must begin with https://, since plain http is for this machine alone."),
        ("CALLS_URL", "calls.example", "is no web address."),
        ("CALLS_URL", "ftp://calls.example", "is no web address."),
        ("CALLS_URL", "https://calls.example/calls", "goes on after the host; Calls has a host for itself."),
        ("CALLS_URL", "https://a:b@calls.example", "goes on after the host; Calls has a host for itself."),
        ("CALLS_URL", "https://calls.example:port", "cannot be read: its host or its port is wrong."),
        ("CALLS_URL", "https://[::1", "cannot be read: its host or its port is wrong."),
        ("CALLS_DATABASE", "mysql://calls", "begins with neither sqlite:/// nor postgresql://."),
        ("CALLS_DATABASE", "sqlite:///", "begins with neither sqlite:/// nor postgresql://."),
        ("CALLS_SECRET", "short", "needs at least 32 characters."),
        ("CALLS_SMTP", "mail.example.org", "is neither smtp://host, smtps://host nor outbox:."),
        ("CALLS_MAIL_FROM", "Tara", "holds no mail address."),
        ("CALLS_MAIL_FROM", "{name} <a@example.org>", "may hold {show} and no other name in braces."),
        ("CALLS_MAIL_FROM", "Tara <{name}@example.org>", "may hold {show} and no other name in braces."),
        ("CALLS_MAIL_FROM", "Tara <tara@{show}>", "holds no mail address."),
        ("CALLS_IMAP", "mail.example.org", "is neither imaps://name:password@host nor imap://name:password@host."),
        ("CALLS_IMAP", "pop3://a:b@mail.example.org", "is neither imaps://name:password@host nor imap://name:password@host."),
        ("CALLS_IMAP", "imaps://mail.example.org", "needs a name and a password, signs like / # ? @ in them written"),
        ("CALLS_IMAP_AUTHSERV", "mx.example.org; dmarc=pass", "is no name that a mail server writes into Authentication-Resul"),
        ("CALLS_METRICS_TOKEN", "short", "needs at least 16 plain characters."),
        ("CALLS_TRUSTED_PROXIES", "proxy.example", "holds something that is no network"),
        ("CALLS_LOG", "xml", "is one of text, json, with one of debug, info, warning, error after a colon."),
        ("CALLS_LOG", "json:loud", "is one of text, json, with one of debug, info, warning, error after a colon."),
    ],
)
def test_wrong_value_is_named_with_its_fault_and_an_example(tmp_path: Path, name: str, value: str, fault: str) -> None:
    told = faults(tmp_path, **{name: value})

    assert len(told) == 1
    assert told[0].startswith(f"{name} {fault}")
    assert f" Example: {name}=" in told[0]


def test_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    told = faults(tmp_path, CALLS_DATA=str(tmp_path / "file"))

    assert told == ["CALLS_DATA names a file, not a folder. Example: CALLS_DATA=/var/lib/calls"]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = faults(tmp_path, CALLS_URL="x", CALLS_LOG="x", CALLS_TYPO="x")

    assert [line.split()[0] for line in told] == ["CALLS_TYPO", "CALLS_URL", "CALLS_LOG"]


def test_unknown_name_stops_the_start_and_the_nearest_is_offered(tmp_path: Path) -> None:
    assert faults(tmp_path, CALLS_DATABSE="x") == ["CALLS_DATABSE is no setting. Did you mean CALLS_DATABASE?"]


def test_secrets_are_never_repeated(tmp_path: Path) -> None:
    secrets = {
        "CALLS_SECRET": "hush-hush",
        "CALLS_DATABASE": "mysql://calls:hush-hush@db",
        "CALLS_SMTP": "http://me:hush-hush@mail",
        "CALLS_IMAP": "http://me:hush-hush@mail",
        "CALLS_METRICS_TOKEN": "hush-hush",
    }

    assert "hush" not in "".join(faults(tmp_path, **secrets))


def test_settings_show_no_secret_when_printed(tmp_path: Path) -> None:
    settings = read(
        {
            "CALLS_DATA": str(tmp_path),
            "CALLS_SECRET": "hush" * 8,
            "CALLS_DATABASE": "postgresql://calls:hush@db/calls",
            "CALLS_SMTP": "smtp://me:hush@mail",
            "CALLS_IMAP": "imaps://me:hush@mail",
            "CALLS_METRICS_TOKEN": "hush" * 4,
        }
    )

    assert "hush" not in repr(settings)
