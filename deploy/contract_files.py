"""The published language as files: schemas, the AsyncAPI document and the catalogue, made from the models."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.contract_sources import read_contract
from deploy.expectations import expectation_in
from loti_contracts.documents import documents
from loti_contracts.evolution import Published, compare_published
from loti_contracts.pages import Entry, pages

CONTRACTS = Path(__file__).resolve().parents[1] / "contracts"


def files(contracts: Path = CONTRACTS) -> dict[str, str]:
    """Path below `contracts/` → text, of everything that is made and committed. `contracts` is where the examples, the
    releases and the expectations are read from."""
    said = examples(contracts)
    found = {f"schemas/{name}": text for name, text in documents(said).items()}
    told = pages(said, history(contracts), readers(contracts))
    return found | {f"catalogue/{name}": text for name, text in told.items()}


def schemas() -> dict[str, Any]:
    """Event → JSON Schema, as the models say."""
    found = documents().items()
    return {n.removesuffix(".json"): json.loads(text) for n, text in found if n != "asyncapi.json"}


def examples(contracts: Path = CONTRACTS) -> dict[str, Any]:
    """Event → a message of it."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((contracts / "examples").glob("*.json"))
    }


def releases(contracts: Path = CONTRACTS) -> list[tuple[str, Published]]:
    """The releases, oldest first: version and schemas."""
    folders = [path for path in (contracts / "released").glob("*") if path.is_dir()]
    return [
        (path.name, read_contract(str(path))) for path in sorted(folders, key=lambda path: version(path.name))
    ]


def version(text: str) -> tuple[int, ...]:
    """`0.10.2` → (0, 10, 2). Raises ValueError."""
    return tuple(int(part) for part in text.split("."))


def history(contracts: Path = CONTRACTS) -> dict[str, Sequence[Entry]]:
    """Event → what became of it, release by release, and since."""
    found: dict[str, list[Entry]] = {}
    before: Published | None = None
    for name, now in [*releases(contracts), ("not released yet", Published(schemas()))]:
        if before is None:
            for event in now.schemas:
                found.setdefault(event, []).append(Entry(name, "published"))
        else:
            _note(found, name, before, now)
        before = now
    return dict(found)


def _note(found: dict[str, list[Entry]], release: str, before: Published, now: Published) -> None:
    for event, changes in compare_published(before, now).items():
        for change in changes:
            what = f"`{change.where}`: {change.what}" if change.where else change.what
            broken = " (breaking)" if change.breaks else ""
            found.setdefault(event, []).append(Entry(release, f"{what}{broken}"))


def readers(contracts: Path = CONTRACTS) -> Mapping[str, Sequence[str]]:
    """Event → the systems that said what they read of it."""
    found: dict[str, list[str]] = {}
    for path in sorted((contracts / "expectations").glob("*.yaml")):
        one = expectation_in(path)
        for event in one.events:
            found.setdefault(event, []).append(one.system)
    return found
