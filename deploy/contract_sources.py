"""Where a contract is read from: a file, a folder, or a revision of git."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from loti_contracts.evolution import Published

SCHEMAS = "contracts/schemas"
_NOT_EVENTS = frozenset({"asyncapi.json"})


class NotReadable(ValueError):
    """There is no contract there; the text says what was looked for and why it is none."""


def read_contract(place: str, *, repository: Path = Path()) -> Published:
    """The schemas at `place`: a JSON file, a folder of them, a git revision, or `REVISION:PATH`. Raises NotReadable.

    A revision alone stands for its folder contracts/schemas. A file is a contract of one event, without a name, so
    that two files are compared whatever they are called.
    """
    path = Path(place)
    if path.is_file():
        return Published({"": _parsed(place, path.read_bytes())})
    if path.is_dir():
        return _folder(place, ((one.name, one.read_bytes()) for one in sorted(path.glob("*.json"))))
    return _revision(place, repository)


def _folder(place: str, files: Iterable[tuple[str, bytes]]) -> Published:
    found = {
        name.removesuffix(".json"): _parsed(f"{place}: {name}", text)
        for name, text in files
        if name not in _NOT_EVENTS
    }
    if not found:
        raise NotReadable(f"{place} holds no JSON Schemas (*.json)")
    return Published(found)


def _parsed(place: str, text: bytes) -> Any:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NotReadable(f"{place} is not JSON: {error}") from error
    if not isinstance(found, dict | bool):
        raise NotReadable(f"{place} is not a JSON Schema, which is an object or a boolean")
    return found


def _revision(place: str, repository: Path) -> Published:
    revision, _, path = place.partition(":")
    path = path.rstrip("/") or SCHEMAS
    if (
        revision.startswith("-")
        or _git(repository, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None
    ):
        raise NotReadable(
            f"{place} is neither a file, nor a folder, nor a revision of the git repository here"
        )
    what = _git(repository, "cat-file", "-t", f"{revision}:{path}")
    if what is None:
        raise NotReadable(f"revision {revision} has no {path}")
    if what.strip() == b"blob":
        return Published({"": _parsed(place, _git(repository, "show", f"{revision}:{path}") or b"")})
    names = (_git(repository, "ls-tree", "--name-only", f"{revision}:{path}") or b"").decode().splitlines()
    return _folder(
        place,
        (
            (name, _git(repository, "show", f"{revision}:{path}/{name}") or b"")
            for name in names
            if name.endswith(".json")
        ),
    )


def _git(repository: Path, *words: str) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; what the user names is an argument, never an option
            ["git", "-C", str(repository), *words],  # noqa: S607
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise NotReadable("git is not installed; compare two folders instead") from error
    return done.stdout if done.returncode == 0 else None
