"""What faults are made with does what it says: clocks step, the next version is another one, a wish is looked at."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from loti_contracts.events import Role, event_class
from tests.chaos.clocks import Clock, NoClocks, compile_steps
from tests.chaos.next_version import ROOT, make_next_version, running
from tests.chaos.preparing import Wish


def _says(program: str, more: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | more, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_clock_is_stepped_while_its_process_runs(tmp_path: Path) -> None:
    """Forward, back and right again, in the wall clock of that process alone; what counts seconds is left alone."""
    try:
        clock = Clock(compile_steps(tmp_path), tmp_path / "clock")
    except NoClocks as error:
        pytest.skip(str(error))
    program = (
        "import datetime, sys, time\n"
        "for line in sys.stdin:\n"
        "    print(time.time(), datetime.datetime.now().timestamp(), time.monotonic(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | clock.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        read = []
        for step in (0, 7200, -600, 0):
            clock.step(step)
            process.stdin.write("now\n")
            process.stdin.flush()
            read.append(tuple(map(float, process.stdout.readline().split())))
    (right, _, steady), (ahead, _, _), (behind, _, _), (again, _, end) = read
    assert 7200 <= ahead - right < 7260
    assert -600 <= behind - right < -540
    assert 0 <= again - right < 60
    assert 0 <= end - steady < 60
    assert all(abs(seconds - date) < 1 for seconds, date, _ in read)


def test_a_disk_is_full_and_has_space_again(tmp_path: Path) -> None:
    """Not a byte more can be written while it is full, what was there stays, and nobody else sees the mount."""
    program = (
        "import pathlib, sys\n"
        "from tests.chaos.disk import Disk, NoDisk\n"
        "place = pathlib.Path(sys.argv[1])\n"
        "try:\n"
        "    disk = Disk(place, size=8 << 20)\n"
        "except NoDisk as error:\n"
        "    sys.exit(f'no disk: {error}')\n"
        "(place / 'before').write_bytes(b'1' * 5000)\n"
        "disk.fill()\n"
        "try:\n"
        "    (place / 'more').write_bytes(b'1' * 5000)\n"
        "except OSError as error:\n"
        "    print(error.strerror)\n"
        "disk.free()\n"
        "(place / 'after').write_bytes(b'1' * 5000)\n"
        "print(*sorted(one.name for one in place.iterdir() if one.stat().st_size == 5000), flush=True)\n"
        "input()\n"
        "disk.remove()\n"
    )
    place = tmp_path / "disk"
    with subprocess.Popen(
        [sys.executable, "-c", program, place],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        full = process.stdout.readline().strip()
        if not full:
            pytest.skip("only root may mount a disk")
        kept = process.stdout.readline().split()
        assert list(place.iterdir()) == [], "the mount is this process's too"
        process.stdin.write("\n")
    assert full == "No space left on device"
    assert kept == ["after", "before"]
    assert process.returncode == 0


def test_the_next_version_is_run_from_its_own_tree(tmp_path: Path) -> None:
    """It knows a field and an event that this one does not, and brings a migration to every service."""
    tree = make_next_version(tmp_path)
    program = (
        "import loti_contracts.events as e, services.ingest.announcing as a\n"
        "print(e.__file__, a.__file__, 'days_at_home' in e.Role.model_fields,"
        " e.event_class('london.loti.role.noted.v1') is not None)"
    )
    contracts, service, field, event = _says(program, running(tree)).split()
    assert contracts.startswith(str(tree))
    assert service.startswith(str(tree))
    assert (field, event) == ("True", "True")
    assert "days_at_home" not in Role.model_fields
    assert event_class("london.loti.role.noted.v1") is None
    migrations = {path.parts[-3] for path in tree.glob("services/*/migrations/9001_*.sql")}
    assert migrations == {path.name for path in (tree / "services").iterdir() if (path / "app.py").exists()}


def test_a_wish_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """With what there is; and a folder that holds something is not written over."""
    with pytest.raises(ValueError, match="no fault flood; there are kill, "):
        Wish(seed=1, minutes=1, a_minute=1, kinds=("flood",))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="more than 0"):
        Wish(seed=1, minutes=0, a_minute=1)
    (tmp_path / "something").write_text("")
    with pytest.raises(ValueError, match="not empty"):
        Wish(seed=1, minutes=1, a_minute=1, folder=tmp_path)
