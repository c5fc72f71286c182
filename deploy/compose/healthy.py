"""Asked by the container engine every few seconds: is this container well? It ends with 0 if `/health` says so.

An engine starts a container again whose process has ended, and only looks on while one is frozen. So whoever listens and has
not answered at `/alive`, which asks nobody, for two minutes is ended here, and the engine does the rest. (Whoever does not
listen yet is still starting, however long that takes on a busy machine.) That needs a first process
that passes signals on (`init: true`), since a container's first process cannot be killed from within.

Alone on the standard library, and quick: it runs in every container, all the time.
"""

import contextlib
import http.client
import os
import signal
import sys
import time
from pathlib import Path

PATIENCE = 120.0
ANSWER_WITHIN = 4.0
SILENT = Path("/tmp/silent-since")  # noqa: S108 - the one place that a container can write to


def ask(path: str) -> int:
    """The status of the answer; 0 where there is none. Raises ConnectionRefusedError where nobody listens."""
    asked = http.client.HTTPConnection("127.0.0.1", int(os.environ["LOTI_HTTP_PORT"]), timeout=ANSWER_WITHIN)
    try:
        asked.request("GET", path)
        return asked.getresponse().status
    except ConnectionRefusedError:
        raise
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        asked.close()


def silent_for(now: float) -> float:
    """Seconds since the first of the questions in a row that were not answered; this one is."""
    if not SILENT.exists():
        SILENT.write_text(str(now), encoding="ascii")
    return now - float(SILENT.read_text(encoding="ascii"))


def end_everybody() -> None:
    """SIGKILL to every process in here but the first and this one: a frozen one hears no other."""
    for process in (int(each) for each in os.listdir("/proc") if each.isdigit()):
        if process not in (1, os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)


def main() -> int:
    """What the engine is told: 0 is well."""
    try:
        if ask("/alive"):  # an answer that there is no such page is one, too
            SILENT.unlink(missing_ok=True)
            return int(ask("/health") != http.client.OK)
    except ConnectionRefusedError:
        SILENT.unlink(missing_ok=True)
        return 1
    if silent_for(time.monotonic()) >= PATIENCE:
        SILENT.unlink(missing_ok=True)
        end_everybody()
    return 1


if __name__ == "__main__":
    sys.exit(main())
