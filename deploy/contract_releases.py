"""Releases of the contract: kept for ever under `contracts/released/`, and what a next one must be called."""

import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.contract_files import CONTRACTS, releases, schemas, version
from loti_contracts.evolution import Change, Published, breaking, compare_published


class NotReleased(ValueError):
    """The contract cannot be released as it is; the text says why, and what to do."""


def version_now(contracts: Path = CONTRACTS) -> str:
    """The version that `loti-contracts` has in its pyproject.toml."""
    project = tomllib.loads((contracts / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def broken_since(contracts: Path = CONTRACTS) -> Mapping[str, Sequence[Change]]:
    """Event → the changes since the last release that break somebody; nothing where there is no release."""
    known = releases(contracts)
    if not known:
        return {}
    found = compare_published(known[-1][1], Published(schemas()))
    return {event: broken for event, changes in found.items() if (broken := breaking(changes))}


def why_not(last: str | None, now: str, broken: Mapping[str, Sequence[Change]]) -> str | None:
    """Why version `now` may not hold these changes since `last`; None where it may.

    Semantic versioning 2.0.0: what breaks needs a new major version, and before 1.0.0 a new minor one.
    """
    if last is None or not broken:
        return None
    was, is_ = version(last), version(now)
    place = 1 if was[0] == 0 else 0
    if is_[: place + 1] > was[: place + 1]:
        return None
    first = next(iter(broken))
    wanted = f"0.{was[1] + 1}.0" if place else f"{was[0] + 1}.0.0"
    return (
        f"{sum(map(len, broken.values()))} changes since {last} break readers, the first in {first}: publish them as a new "
        f"version of the event beside the old one, or call the next release {wanted} in contracts/pyproject.toml"
    )


def release(contracts: Path = CONTRACTS) -> Path:
    """Keep the contract as it is under its version. Returns the folder; raises NotReleased."""
    now, known = version_now(contracts), releases(contracts)
    last = known[-1][0] if known else None
    if last is not None and version(now) <= version(last):
        raise NotReleased(f"{last} is released; raise the version in contracts/pyproject.toml first")
    if reason := why_not(last, now, broken_since(contracts)):
        raise NotReleased(reason)
    folder = contracts / "released" / now
    for name in ("schemas", "examples"):
        shutil.copytree(contracts / name, folder if name == "schemas" else folder / name, dirs_exist_ok=True)
    return folder
