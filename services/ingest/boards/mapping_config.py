"""The words of a mapping: read from a source's `options`, every mistake told with its option and what is allowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.ingest.boards.mapping_paths import Path
from services.ingest.boards.mapping_values import (
    MappingRefused,
    Value,
    checked_path,
    known,
    optional_path,
    text_of,
    value_of,
)

FORMATS = ("xml", "json", "html")

FIELDS = (
    "key", "title", "url", "employer", "location", "pay_text", "posted", "closes", "description", "department",
    "employment_type",
)  # fmt: skip
"""Of a posting; `key` is what never changes about it, like a reference."""


@dataclass(frozen=True, slots=True)
class Following:
    """How a list goes on: by the address that a page names, or by counting. `step` counts pages or adverts."""

    path: Path | None
    url: str | None
    parameter: str | None
    start: int
    step: int
    size: int | None
    missing_ends: bool


@dataclass(frozen=True, slots=True)
class Details:
    """Where an advert's own page is, and what is read there."""

    link: Value
    format: str
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Plan:
    """A mapping, ready for use."""

    format: str
    items: Path
    items_as_written: str
    empty: Path | None
    count: Path | None
    fields: Mapping[str, Value]
    next: Following | None
    detail: Details | None


def plan_of(options: Mapping[str, Any]) -> Plan:
    """Read the options of a source of the kind `mapping`. Raises MappingRefused."""
    given = known(options, "", ("format", "items", "fields", "next", "detail", "count", "empty"))
    kind = _format(given.get("format"), "format")
    items = given.get("items")
    fields = _fields(given.get("fields"), kind, "fields")
    detail = _details(given.get("detail"), kind)
    told = {*fields, *(detail.fields if detail else ()), *(("url",) if detail else ())}
    for name in ("title", "url", "key"):
        if name not in told:
            raise MappingRefused(
                f"fields.{name}", f"must be there; a posting has {', '.join(FIELDS)}, of which key, title, url must be"
            )  # fmt: skip
    following, total = _next(given.get("next"), kind)
    count = optional_path(given.get("count"), kind, "count")
    if count is not None and total is not None:
        raise MappingRefused("next.total", "is what `count` says already; leave one of them out")
    return Plan(
        format=kind,
        items=checked_path(
            items.removesuffix("[*]") or "$" if isinstance(items, str) else items, kind, "items"
        ),
        items_as_written=str(items),
        empty=optional_path(given.get("empty"), kind, "empty"),
        count=count or total,
        fields=fields,
        next=following,
        detail=detail,
    )


def _format(given: object, option: str) -> str:
    if not isinstance(given, str) or given not in FORMATS:
        raise MappingRefused(option, f"must be one of {', '.join(FORMATS)}")
    return given


def _whole(given: object, option: str, least: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= 10_000:
        raise MappingRefused(option, f"must be a whole number from {least} to 10000")
    return given


def _next(given: object, kind: str) -> tuple[Following | None, Path | None]:
    if given is None:
        return None, None
    allowed = ("path", "parameter", "url", "start", "step", "total", "size", "missing_ends")
    told = known({"path": given} if isinstance(given, str) else given, "next", allowed)
    ways = [name for name in ("path", "parameter", "url") if told.get(name) is not None]
    if len(ways) != 1:
        raise MappingRefused("next", "must have one of path, parameter, url")
    url = text_of(told.get("url"), "next.url")
    if url and "{page}" not in url:
        raise MappingRefused("next.url", "must have {page} where the number goes")
    if not isinstance(told.get("missing_ends", False), bool):
        raise MappingRefused("next.missing_ends", "must be true or false")
    following = Following(
        path=optional_path(told.get("path"), kind, "next.path"),
        url=url,
        parameter=text_of(told.get("parameter"), "next.parameter"),
        start=_whole(told.get("start", 1), "next.start", 0),
        step=_whole(told.get("step", 1), "next.step", 1),
        size=None if told.get("size") is None else _whole(told["size"], "next.size", 1),
        missing_ends=told.get("missing_ends", False),
    )
    return following, optional_path(told.get("total"), kind, "next.total")


def _details(given: object, kind: str) -> Details | None:
    if given is None:
        return None
    told = known(given, "detail", ("link", "format", "fields"))
    format_ = _format(told.get("format", "html"), "detail.format")
    link = value_of(told.get("link"), kind, "detail.link")
    return Details(link, format_, _fields(told.get("fields"), format_, "detail.fields"))


def _fields(given: object, kind: str, option: str) -> Mapping[str, Value]:
    if not isinstance(given, Mapping):
        raise MappingRefused(option, f"must say where the fields of a posting are: {', '.join(FIELDS)}")
    for name in given:
        if name not in FIELDS:
            raise MappingRefused(
                f"{option}.{name!s:.60}", f"a posting has no such field; allowed are {', '.join(FIELDS)}"
            )
    return {name: value_of(said, kind, f"{option}.{name}") for name, said in given.items()}
