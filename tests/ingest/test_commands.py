"""`loti ingest pay` and `loti ingest classify`: a line in, a line out, at once."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.path.running import ROOT

PAY = ["text", "min", "max", "period", "basis", "scp_min", "scp_max", "grade"]
TITLE = ["title", "digital", "role", "family", "level", "confidence", "why"]


@pytest.fixture(params=["pay", "classify"])
def command(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", "ingest", request.param],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        yield process
        process.kill()


def test_each_line_is_answered_before_the_next_is_sent(command: "subprocess.Popen[bytes]") -> None:
    """Output does not wait for the end of the input, so that it can stand in a pipe; keys are exact."""
    assert command.stdin
    assert command.stdout
    keys = PAY if "pay" in command.args else TITLE  # type: ignore[operator]
    for line in (b"Data engineer, 40,000 a year", b"\xff\xfe not UTF-8", b"", b"{not json", b'{"title": 7}'):
        command.stdin.write(line + b"\n")
        command.stdin.flush()
        assert list(json.loads(command.stdout.readline())) == keys
    command.stdin.close()
    assert command.wait(30) == 0
