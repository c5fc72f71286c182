"""Sources: the boards that are watched, as configured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, field_validator

from loti_contracts.vocabulary import authorities
from services.ingest.boards import KINDS


class SourcesRefused(Exception):
    """The list of boards cannot be used; the text says which entry, what is wrong and what is allowed."""


class Source(BaseModel):
    """One board. `authorities` are the GSS codes of those whose board it is; `options` are its kind's own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    name: str
    kind: str
    url: HttpUrl
    authorities: tuple[str, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"no such kind of board; there are {', '.join(sorted(KINDS))}")
        return kind

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


def read_sources(path: Path) -> Sequence[Source]:
    """The list in a YAML file: `sources:` and an entry for each board. Raises SourcesRefused."""
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
    found: list[Source] = []
    for number, entry in enumerate(document["sources"], start=1):
        try:
            source = Source.model_validate(entry)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            named = f" ({entry['id']!s:.60})" if isinstance(entry, dict) and "id" in entry else ""
            raise SourcesRefused(
                f"{path}: entry {number}{named}, {where or 'whole'}: {first['msg']}"
            ) from error
        if any(other.id == source.id for other in found):
            raise SourcesRefused(
                f"{path}: entry {number}: the id {source.id} is taken by an earlier entry; each board needs its own"
            )
        found.append(source)
    return found
