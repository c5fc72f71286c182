"""Proposals: boards that may be written into the list of sources, and how they are printed for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import yaml

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A board that may be written into the list of sources. `here` when the body looked at is itself that board.

    `kind` is `unknown` where a system is recognised that no adapter reads; `needs` says what is still to be filled in.
    """

    kind: str
    url: str
    options: Mapping[str, object]
    confidence: Confidence
    evidence: str
    here: bool = False
    needs: str | None = None


def proposed_yaml(found: Sequence[Proposal], url: str) -> str:
    """Proposals as entries of a list of sources, each under its evidence; what is still missing stands in a comment."""
    host = re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "board").lower()).strip("-")[:50] or "board"
    parts = []
    for number, one in enumerate(found, start=1):
        entry = {"id": f"{host}-{number}", "name": urlsplit(url).hostname or "a board", "kind": one.kind}
        if one.kind != "unknown":
            entry["url"] = one.url
        written = yaml.safe_dump(
            [entry | ({"options": dict(one.options)} if one.options else {})],
            allow_unicode=True,
            sort_keys=False,
        )
        told = [
            f"{one.confidence} confidence: {one.evidence}",
            *([f"needs: {one.needs}"] if one.needs else []),
        ]
        parts.append("".join(f"# {' '.join(line.split())}\n" for line in told) + written)
    return "sources:\n" + "".join(parts)
