"""A receiver of webhooks on Python's standard library alone: verifies each signature and prints each event once.

    LOTI_WEBHOOK_SECRET=whsec_... python webhook_receiver.py --port 8080 --seen seen.sqlite

The secret is what `loti webhooks add` printed; during a rotation give both, separated by a space. Put it behind
whatever ends TLS for you. An event may come again, after a crash here or there: its id is remembered in the same
transaction as its effect, so that it has its effect once. States may be skipped when this was away, and never come in
the wrong order: each carries the whole thing and its `revision`.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOLERANCE = 300
"""Seconds that a timestamp may be off; an older request is a copy that somebody sends again."""
LARGEST = 5_000_000


class NotGenuine(ValueError):
    """The request was not signed with our secret, or not just now."""


def verify(
    secrets: Sequence[str], *, id: str, timestamp: str, signatures: str, body: bytes, now: float
) -> None:
    """Standard Webhooks: one of the signatures is the HMAC-SHA256 of id.timestamp.body. Raises NotGenuine."""
    if not timestamp.isascii() or not timestamp.isdecimal() or abs(now - int(timestamp[:12])) > TOLERANCE:
        raise NotGenuine("the timestamp is not of the last five minutes")
    signed = f"{id}.{timestamp}.".encode() + body
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        if any(hmac.compare_digest(wanted.encode(), one.encode()) for one in signatures.split()):
            return
    raise NotGenuine("no signature fits")


class Receiver(ThreadingHTTPServer):
    """`seen` remembers the ids of events that had their effect."""

    def __init__(self, port: int, secrets: Sequence[str], seen: Path) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.secrets = secrets
        self.seen = seen
        with self.memory() as memory:
            memory.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY)")
        memory.close()

    def memory(self) -> sqlite3.Connection:
        """A connection; as a context it is a transaction."""
        return sqlite3.connect(self.seen, timeout=10)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Receiver
    timeout = 10

    def do_POST(self) -> None:
        """Verify, handle once, and only then say that it was taken."""
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self._answer(413, "the length is not given, or is too much")
            return
        body = self.rfile.read(int(length))
        id = self.headers.get("webhook-id", "")
        try:
            verify(
                self.server.secrets,
                id=id,
                timestamp=self.headers.get("webhook-timestamp", ""),
                signatures=self.headers.get("webhook-signature", ""),
                body=body,
                now=time.time(),
            )
        except NotGenuine as error:
            self._answer(401, str(error))
            return
        memory = self.server.memory()
        try:
            with memory:
                if memory.execute("INSERT OR IGNORE INTO seen VALUES (?)", (id,)).rowcount:
                    handle(json.loads(body))
        finally:
            memory.close()
        self._answer(204, "")

    def _answer(self, status: int, words: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged."""


def handle(event: dict[str, object]) -> None:
    """The effect: your own code goes here."""
    print(event["time"], event["type"], event["subject"], flush=True)  # noqa: T201


def main() -> None:
    """Listen until interrupted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--seen", type=Path, default=Path("seen.sqlite"))
    given = parser.parse_args()
    secrets = os.environ.get("LOTI_WEBHOOK_SECRET", "").split()
    if not secrets:
        sys.exit("LOTI_WEBHOOK_SECRET is not set; `loti webhooks add NAME URL` printed it")
    with Receiver(given.port, secrets, given.seen) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}/", file=sys.stderr, flush=True)  # noqa: T201
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.exit(0)


if __name__ == "__main__":
    main()
