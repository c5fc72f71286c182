"""Sources: the boards that are watched, as configured."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    field_validator,
    model_validator,
)

from loti_contracts.vocabulary import authorities
from services.ingest.boards import KINDS, Board, Reading


class SourcesRefused(ValueError):
    """The list of boards cannot be used; the text says which entry, what is wrong and what is allowed."""


class _Entry(BaseModel):
    """What every entry says. `authorities` are the GSS codes of those whose board it is; `from` is where the entry's
    facts were read; `verified` is the day someone saw the board answer so, if anyone ever did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    name: str
    authorities: tuple[str, ...] = ()
    from_: str | None = Field(default=None, alias="from")
    verified: date | None = None

    @field_validator("authorities")
    @classmethod
    def _known_authorities(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [code for code in codes if code not in authorities()]
        if unknown:
            first, last = min(authorities()), max(authorities())
            raise ValueError(
                f"not the GSS code of a London authority ({first} to {last}): {', '.join(unknown)}"
            )
        return codes


class Source(_Entry):
    """One board. `options` are its kind's own words."""

    kind: str
    url: HttpUrl
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(
                f"no such kind of board; there are {', '.join(sorted(KINDS))}, and unknown for a board not found yet"
            )
        return kind

    @model_validator(mode="after")
    def _usable_options(self) -> Self:
        """An adapter says before its first question whether it can use the options."""
        try:
            next(KINDS[self.kind](Board(str(self.url), self.options), Reading()))
        except ValueError as error:
            raise ValueError(f"options of the kind {self.kind}: {error}") from error
        return self


class Unknown(_Entry):
    """An authority whose board nobody has named yet: `kind: unknown`, without an address. It is never polled."""

    kind: Literal["unknown"]


def read_sources(path: Path) -> Sequence[Source]:
    """The boards of a list that can be polled, in its order. Raises SourcesRefused."""
    return [entry for entry in read_entries(path) if isinstance(entry, Source)]


def read_entries(path: Path) -> Sequence[Source | Unknown]:
    """All of a list in a YAML file: `sources:` and an entry for each board, known or not. Raises SourcesRefused."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourcesRefused(
            f"{path}: cannot be read ({error.strerror}); set LOTI_SOURCES to the file"
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: not UTF-8, or a date that is none
        raise SourcesRefused(f"{path}: is not YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("sources"), list):
        raise SourcesRefused(f"{path}: must have a list `sources:` at the top")
    found: list[Source | Unknown] = []
    for number, entry in enumerate(document["sources"], start=1):
        try:
            source = entry_of(entry)
        except SourcesRefused as error:
            named = f" ({entry['id']!s:.60})" if isinstance(entry, dict) and "id" in entry else ""
            raise SourcesRefused(f"{path}: entry {number}{named}, {error}") from error
        if any(other.id == source.id for other in found):
            raise SourcesRefused(
                f"{path}: entry {number}: the id {source.id} is taken by an earlier entry; each board needs its own"
            )
        found.append(source)
    return found


def entry_of(entry: object) -> Source | Unknown:
    """One entry of a list. Raises SourcesRefused with the field and what is wrong with it."""
    unknown = isinstance(entry, dict) and entry.get("kind") == "unknown"
    try:
        return Unknown.model_validate(entry) if unknown else Source.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourcesRefused(f"{where or 'whole'}: {first['msg']}") from error
