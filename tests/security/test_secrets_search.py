"""The search itself finds what is planted: it would be worth nothing if it could not fail."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.security.secrets_search import Known, _in_files, _on_command_lines, _pattern, _tables_about_people

KNOWN = Known(
    {"a key": "5ec2e7" * 8, "a token": "lr_" + "t" * 43},
    frozenset({"amara.osei@hackney.example"}),
    frozenset({"Amara Osei"}),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as it should be: a key for its owner's eyes, a log without words about people, a mailbox."""
    for name in ("logs", "mails"):
        (tmp_path / name).mkdir()
    (tmp_path / "link-key").write_text(KNOWN.secrets["a key"])
    (tmp_path / "link-key").chmod(0o600)
    (tmp_path / "logs" / "notify.log").write_text('{"event": "mail_sent", "contact": "contact-1"}\n')
    (tmp_path / "mails" / "1.eml").write_text(
        "To: amara.osei@hackney.example\n\nDear Amara Osei, https://x/" + KNOWN.secrets["a token"]
    )
    return tmp_path


def test_a_clean_folder_is_clean(folder: Path) -> None:
    """What may be where it is, is not said."""
    assert list(_in_files(folder, KNOWN)) == []


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("logs/notify.log", KNOWN.secrets["a token"], "a secret in the file logs/notify.log"),
        ("sources.yaml", "x\0" + KNOWN.secrets["a key"].upper() + "\0", "a secret in the file sources.yaml"),
        (
            "logs/notify.log",
            "to Amara.Osei@Hackney.example:",
            "somebody's name or address in the log logs/notify.log",
        ),
        ("logs/portal.log", "hello Amara Osei", "somebody's name or address in the log logs/portal.log"),
    ],
)
def test_what_is_planted_in_a_file_is_found(folder: Path, file: str, text: str, said: str) -> None:
    """In whatever letters, amid bytes, in any file; and what is said of it is not the thing itself."""
    (folder / file).write_text(text)
    assert list(_in_files(folder, KNOWN)) == [said]


def test_files_for_all_eyes_are_found(folder: Path) -> None:
    """A key that others can read, and a file that everybody can write."""
    (folder / "link-key").chmod(0o640)
    (folder / "open").write_text("x")
    (folder / "open").chmod(stat.S_IRUSR | stat.S_IWOTH)
    assert set(_in_files(folder, KNOWN)) == {
        "link-key can be read by others",
        "open can be written by everybody",
    }


def test_a_secret_on_a_command_line_is_found() -> None:
    """Everybody on the machine could read it; of this process nothing is said."""
    waiting = [sys.executable, "-c", "print(flush=True); input()", KNOWN.secrets["a key"]]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(waiting, **pipes)  # type: ignore[call-overload]
    try:
        child.stdout.readline()  # from then on its command line is its own
        assert list(_on_command_lines([child.pid, os.getpid()], KNOWN)) == [
            f"a key on the command line of {child.pid}"
        ]
    finally:
        child.kill()
        child.communicate()


def test_addresses_are_for_those_who_hear_of_people() -> None:
    """In no table of the others, delivery's own neither; a pattern of nothing finds nothing."""
    assert "contact" in _tables_about_people("portal")
    assert "dead_letters" in _tables_about_people("notify")
    for service in ("ingest", "salaries", "library", "webhooks"):
        assert _tables_about_people(service) == frozenset()
    assert not _pattern([]).findall("anything")
