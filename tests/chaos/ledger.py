"""What was put into the system while it was under faults: every posting, every statement, every form that was sent."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from loti_contracts.events import ContactStated, Event, decode, encode, envelop

Became = Literal["put up", "changed", "taken down", "put up again"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of a posting at that time; `pay` as it is printed from then on."""

    at: datetime
    became: Became
    pay: str


@dataclass(slots=True)
class Posting:
    """An advert on a board. `digital`: whether it is a job that must be found; `turns` in the order in which they came."""

    board: str
    id: str
    title: str
    employer: str
    text: str
    digital: bool
    turns: list[Turn] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        """Whether it is on its board at the end."""
        return self.turns[-1].became != "taken down"

    @property
    def pay(self) -> str:
        """As it was printed last."""
        return self.turns[-1].pay

    @property
    def pays(self) -> Sequence[str]:
        """What was ever printed, in order."""
        return [turn.pay for turn in self.turns]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that somebody sent by the portal's form: the page of it is there, so it was taken."""

    at: datetime
    contact_id: str
    request_id: str
    note: str


@dataclass(slots=True)
class Ledger:
    """Everything. What is not in it was not said by the flow; what is in it was said, and heard by whom it was said to.

    `pushed` is how often each event id was taken by the flow's own endpoint; `overtaken` are those that came first after a
    later state of their thing, `forged` counts what was not signed with its secret. `notes` say what the flow had to wait for.
    """

    seed: int
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    postings: dict[str, Posting] = field(default_factory=dict)
    said: list[Event] = field(default_factory=list)
    forms: list[Asked] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    pushed: dict[str, int] = field(default_factory=dict)
    overtaken: list[str] = field(default_factory=list)
    forged: int = 0
    endpoint: str | None = None
    notes: list[str] = field(default_factory=list)

    def note(self, trouble: str) -> None:
        """What the flow had to wait for; the same again and again is one note."""
        if not self.notes or self.notes[-1].partition(" ")[2] != trouble[:200]:
            self.notes.append(f"{datetime.now(UTC):%H:%M:%S} {trouble[:200]}")

    def addresses(self) -> frozenset[str]:
        """Every address of a person that was ever said."""
        return frozenset(one.contact.email for one in self.said if isinstance(one, ContactStated))

    def counted(self) -> dict[str, int]:
        """How much it holds."""
        return {
            "postings": len(self.postings),
            "turns of postings": sum(len(one.turns) for one in self.postings.values()),
            "statements": len(self.said),
            "forms": len(self.forms),
            "erasures": len(self.erased),
            "pushed": sum(self.pushed.values()),
        }

    def write(self, file: Path) -> None:
        """Keep it beside the logs, so that a check can be made again."""
        plain = asdict(self) | {"said": [_written(one) for one in self.said]}
        file.write_text(json.dumps(plain, default=_moment, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> "Ledger":
        """As it was written."""
        plain = json.loads(file.read_text(encoding="utf-8"))
        postings = {
            id_: Posting(
                **{**one, "turns": [Turn(**{**t, "at": _read_moment(t["at"])}) for t in one["turns"]]}
            )
            for id_, one in plain["postings"].items()
        }
        return cls(
            **plain
            | {
                "began": _read_moment(plain["began"]),
                "ended": plain["ended"] and _read_moment(plain["ended"]),
                "postings": postings,
                "said": [_read(one) for one in plain["said"]],
                "forms": [Asked(**one | {"at": _read_moment(one["at"])}) for one in plain["forms"]],
            }
        )


def _written(event: Event) -> dict[str, Any]:
    key, value, _ = encode(envelop(event, source="/flow", time=datetime.now(UTC)))
    return {"type": event.type, "key": key.decode(), "value": value.decode() if value is not None else None}


def _read(plain: dict[str, Any]) -> Event:
    headers = [("ce_type", plain["type"]), ("ce_id", "-"), ("ce_source", "/flow")]
    headers += [("ce_time", datetime.now(UTC).isoformat()), ("ce_subject", plain["key"])]
    value = plain["value"].encode() if plain["value"] is not None else None
    read = decode(plain["key"].encode(), value, [(name, text.encode()) for name, text in headers])
    return read.event  # type: ignore[union-attr]  # its type was known when it was written


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written into a ledger")


def _read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
