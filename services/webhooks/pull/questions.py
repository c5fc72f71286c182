"""What a reader asks for, as `GET /events?…` says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.webhooks import cursors
from services.webhooks.concerns import NoSuchAuthority
from services.webhooks.cursors import Cursor
from services.webhooks.filters import Filter, NoSuchType, filter_of

USUAL, MOST = 100, 500
LONGEST_WAIT = 30.0
_KNOWN = ("type", "authority", "after", "limit", "wait")


class NotUnderstood(ValueError):
    """The question cannot be answered; the text says which part of it, and what may stand there."""


@dataclass(frozen=True, slots=True)
class Question:
    """`after`: None begins with the oldest that is kept. `wait` in seconds, for something to come."""

    wanted: Filter
    after: Cursor | None = None
    limit: int = USUAL
    wait: float = 0.0


def read(asked: Mapping[str, Sequence[str]]) -> Question:
    """The question in these parameters; `type` and `authority` may stand several times or hold commas. Raises
    NotUnderstood."""
    for name, values in asked.items():
        if name not in _KNOWN:
            raise NotUnderstood(f"there is no parameter {name!r}; there are {', '.join(_KNOWN)}")
        if name in ("after", "limit", "wait") and len(values) > 1:
            raise NotUnderstood(f"{name} stands {len(values)} times; once is enough")
    try:
        wanted = filter_of(_all(asked, "type"), _all(asked, "authority"))
        after = _one(asked, "after")
        return Question(
            wanted,
            after=cursors.read(after) if after else None,
            limit=int(_number(asked, "limit", usual=USUAL, least=1, most=MOST)),
            wait=_number(asked, "wait", usual=0, least=0, most=int(LONGEST_WAIT)),
        )
    except (NoSuchType, NoSuchAuthority, cursors.NotACursor) as error:
        raise NotUnderstood(str(error)) from error


def _all(asked: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [part.strip() for value in asked.get(name, ()) for part in value.split(",") if part.strip()]


def _one(asked: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(asked.get(name, ())), "").strip()


def _number(asked: Mapping[str, Sequence[str]], name: str, *, usual: int, least: int, most: int) -> float:
    said = _one(asked, name)
    if not said:
        return float(usual)
    if not (said.isascii() and said.isdecimal() and len(said) < 7 and least <= int(said) <= most):
        raise NotUnderstood(f"{name} is {said[:20]!r}; it may be a whole number from {least} to {most}")
    return float(said)
