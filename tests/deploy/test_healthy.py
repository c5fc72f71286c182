"""The health check of the images: it says what /health says, and ends a process that is frozen."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from deploy.compose import healthy
from deploy.local.server import free_port

ANSWERING = """
import http.server, pathlib, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({"/alive": 200, "/health": int(pathlib.Path(sys.argv[2]).read_text())}.get(self.path, 404))
        self.end_headers()
    def log_message(self, *said):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The check, with its own place to write to."""
    monkeypatch.setattr(healthy, "SILENT", tmp_path / "silent-since")
    monkeypatch.setattr(healthy, "ANSWER_WITHIN", 0.5)
    monkeypatch.setenv("LOTI_HTTP_PORT", str(free_port()))
    return healthy


def listens(asking: ModuleType) -> bool:
    """Whether somebody does."""
    try:
        return bool(asking.ask("/alive"))
    except ConnectionRefusedError:
        return False


@pytest.fixture
def service(asking: ModuleType, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that answers at /alive, and at /health what the file `health` says."""
    (tmp_path / "health").write_text("200")
    given = [os.environ["LOTI_HTTP_PORT"], str(tmp_path / "health")]
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(ANSWERING), *given])
    while not listens(asking):
        assert process.poll() is None
        time.sleep(0.02)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def ended(asking: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whether everybody was ended; nobody really is."""
    found: list[str] = []
    end: Callable[[], None] = lambda: found.append("everybody")  # noqa: E731
    monkeypatch.setattr(asking, "end_everybody", end)
    return found


def test_it_says_what_health_says(
    asking: ModuleType,
    service: subprocess.Popen[bytes],
    ended: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Well is 0; unwell is 1 for as long as it lasts, and is nobody's end: an outage of the servers starts nothing anew."""
    assert asking.main() == 0
    (tmp_path / "health").write_text("503")
    monkeypatch.setattr(asking, "PATIENCE", 0.0)
    assert [asking.main() for _ in range(3)] == [1, 1, 1]
    assert ended == []


def test_whoever_is_frozen_is_ended_when_the_patience_is_over(
    asking: ModuleType, service: subprocess.Popen[bytes], ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in its tracks it answers nothing: unwell at once, ended when the patience is over, and not when it thaws."""
    now = [1000.0]
    monkeypatch.setattr(asking.time, "monotonic", lambda: now[0])
    service.send_signal(signal.SIGSTOP)
    assert asking.main() == 1
    now[0] += asking.PATIENCE - 1
    assert asking.main() == 1
    service.send_signal(signal.SIGCONT)
    assert asking.main() == 0
    service.send_signal(signal.SIGSTOP)
    now[0] += 5
    assert asking.main() == 1
    assert ended == []
    now[0] += asking.PATIENCE
    assert asking.main() == 1
    assert ended == ["everybody"]


def test_whoever_starts_slowly_is_left_to(
    asking: ModuleType, ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens yet: unwell, for as long as that takes, and nobody's end."""
    monkeypatch.setattr(asking, "PATIENCE", 0.0)
    assert [asking.main() for _ in range(3)] == [1, 1, 1]
    assert ended == []
