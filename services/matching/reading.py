"""Requests and supporters read from files; a bad file is refused with what is wrong, where, and what to do."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from loti_contracts.events import Request, Supporter
from services.matching.eligibility import SupporterNow

M = TypeVar("M", bound=BaseModel)


class BadFile(Exception):
    """A file that cannot be used; the text says what, where, and what to do."""


class _Load(BaseModel):
    load: int = Field(default=0, ge=0)


def read_request(text: str, *, name: str) -> Request:
    """A request from the text of a JSON file. Raises BadFile, which calls the file by `name`."""
    if not text.strip():
        raise BadFile(f"{name} is empty; write one request as a JSON object into it")
    return _read(Request, text, where=name)


def read_supporters(text: str, *, name: str) -> Sequence[SupporterNow]:
    """Supporters from the text of a JSON Lines file, one a line; blank lines are passed over.

    A line may carry `load`, how many requests the supporter is helping with now; 0 where it does not.
    Raises BadFile, which calls the file by `name`.
    """
    found: dict[str, SupporterNow] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        supporter = _read(Supporter, line, where=where)
        if supporter.id in found:
            raise BadFile(
                f"{where}: supporter {supporter.id} is on line {lines[supporter.id]} already; keep one of the two"
            )
        found[supporter.id] = SupporterNow(supporter, _read(_Load, line, where=where).load)
        lines[supporter.id] = number
    return list(found.values())


def _read(model: type[M], text: str, *, where: str) -> M:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise BadFile(f"{where} is not JSON: {first['msg']}; correct it there") from error
        field = ".".join(str(part) for part in first["loc"]) or "the whole"
        others = error.error_count() - 1
        more = f" (and {others} more)" if others else ""
        raise BadFile(f"{where}, field `{field}`: {first['msg']}{more}; correct it and try again") from error
