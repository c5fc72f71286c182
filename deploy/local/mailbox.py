"""The mails a mail catcher holds, one durable file each acceptance."""

import email.policy
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Mail:
    """One mail as first accepted, and how often and for whom it was accepted since."""

    id: str
    received_at: datetime
    to: tuple[str, ...]
    deliveries: int
    raw: bytes
    message: EmailMessage

    def part(self, kind: str) -> str:
        """The text of its first `plain` or `html` part, empty if it has none."""
        body = self.message.get_body(preferencelist=(kind,))
        if body is None:
            return ""
        try:
            return str(body.get_content())
        except LookupError:  # a character set that nobody knows
            return bytes(body.get_payload(decode=True)).decode("latin-1")

    def as_json(self) -> dict[str, Any]:
        """The shape of one entry of /mails.json. A header that occurs twice is joined by line ends."""
        headers: dict[str, str] = {}
        for name, value in self.message.items():
            headers[name] = f"{headers[name]}\n{value}" if name in headers else str(value)
        return {
            "id": self.id,
            "message_id": str(self.message.get("Message-ID", "")).strip(),
            "from": str(self.message.get("From", "")),
            "to": list(self.to),
            "subject": str(self.message.get("Subject", "")),
            "received_at": self.received_at.isoformat(),
            "deliveries": self.deliveries,
            "headers": headers,
            "text": self.part("plain"),
            "html": self.part("html"),
        }


class Mailbox:
    """The mails in a folder. `revision` changes whenever they do."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.revision = secrets.token_hex(4)
        self._mails: dict[str, Mail] = {}
        for path in sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name)):
            self._add(path.name.split(".")[0], path.read_bytes())

    def __iter__(self) -> Iterator[Mail]:
        """Newest first."""
        return iter(sorted(self._mails.values(), key=lambda mail: mail.received_at, reverse=True))

    def __len__(self) -> int:
        return len(self._mails)

    def get(self, mail_id: str) -> Mail | None:
        """The mail of this id."""
        return self._mails.get(mail_id)

    def keep(self, content: bytes, to: list[str]) -> None:
        """Take a mail: on disk, whole, when this returns. Raises OSError, and then has not taken it."""
        message_id = BytesParser(policy=email.policy.compat32).parsebytes(content, headersonly=True)[
            "Message-ID"
        ]
        key = content if message_id is None else str(message_id).strip().encode()
        mail_id = hashlib.sha256(key).hexdigest()[:24]
        received = f"X-Caught-At: {datetime.now(UTC).isoformat()}\r\nX-Caught-For: {', '.join(to)}\r\n"
        kept = received.encode() + content
        earlier = self._mails.get(mail_id)
        name = f"{mail_id}.{earlier.deliveries + 1 if earlier else 1}.eml"
        unfinished = self.folder / f"{name}.tmp"
        with unfinished.open("wb") as file:
            file.write(kept)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._add(mail_id, kept)

    def clear(self) -> None:
        """Forget all mails, on disk too."""
        for path in self.folder.glob("*.eml"):
            path.unlink()
        self._mails.clear()
        self.revision = secrets.token_hex(4)

    def _add(self, mail_id: str, kept: bytes) -> None:
        caught_at, caught_for, raw = kept.split(b"\r\n", 2)
        to = caught_for.decode().partition(": ")[2].split(", ")
        received_at = datetime.fromisoformat(caught_at.decode().partition(": ")[2])
        earlier = self._mails.get(mail_id)
        if earlier is None:
            message = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(raw)
            mail = Mail(mail_id, received_at, tuple(to), 1, raw, message)
        else:
            everyone = tuple(dict.fromkeys((*earlier.to, *to)))
            mail = replace(earlier, to=everyone, deliveries=earlier.deliveries + 1)
        self._mails[mail_id] = mail
        self.revision = secrets.token_hex(4)
