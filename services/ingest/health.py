"""The health of boards: when one is said to be failing, when to be well again, and in which words."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from loti_contracts.events import AuthorityNamed, SourceFailing, SourceRecovered, SourceState
from loti_contracts.vocabulary import authorities
from services.ingest.sources import Source

FAILURES_BEFORE_SAID: Final = 3

INCOMPLETE_BEFORE_SAID: Final = 24 * 3600.0
"""Seconds without a complete reading that was believed."""

_LONGEST: Final = 300
_ADDRESS: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S*[^\s:;,.)]|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b|\blocalhost(?::\d+)?\b"
    r"|(?<![\w.])\[?(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}\]?(?![\w.])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a board stands after a poll. `incomplete_for`: seconds since it was last read completely, or became known;
    `said`: what others were last told of it."""

    said: SourceState | None
    failures: int
    last_complete_at: datetime | None
    incomplete_for: float

    @property
    def failing(self) -> bool:
        """Whether it was said to be failing, and not to have recovered."""
        return self.said is not None and self.said.status == "failing"


def news(
    standing: Standing, source: Source, *, complete: bool, why: str | None, now: datetime
) -> SourceFailing | SourceRecovered | None:
    """What is to be said of a board after a poll, if anything. `complete`: the poll read it completely and was
    believed, or found it unchanged since; `why`: what was wrong with the poll, if anything was."""
    reason = why or "no reason is known"
    if standing.failing:
        if not complete:
            return None
        after = _state(standing, source, "working", "it was read completely again", now)
        return SourceRecovered(source=after, changed=_changed(standing.said, after))
    if standing.failures >= FAILURES_BEFORE_SAID:
        told = f"it could not be read {standing.failures} times in a row: {reason}"
    elif standing.incomplete_for > INCOMPLETE_BEFORE_SAID:
        told = f"it was not read completely for a day: {reason}"
    else:
        return None
    after = _state(standing, source, "failing", told, now)
    return SourceFailing(source=after, changed=_changed(standing.said, after))


def _state(
    standing: Standing, source: Source, status: Literal["failing", "working"], why: str, now: datetime
) -> SourceState:
    known = authorities()
    named = [known[code] for code in source.authorities]
    return SourceState(
        id=source.id,
        revision=standing.said.revision + 1 if standing.said else 1,
        status=status,
        name=source.name,
        kind=source.kind,
        authorities=tuple(AuthorityNamed(gss=one.gss, name=one.name, area=one.area) for one in named),
        last_good_at=standing.last_complete_at,
        failures=standing.failures,
        why=in_words(why),
        at=now,
    )


def _changed(before: SourceState | None, after: SourceState) -> tuple[str, ...]:
    fields = [name for name in SourceState.model_fields if name != "revision"]
    return tuple(name for name in fields if before and getattr(before, name) != getattr(after, name))


def in_words(why: str) -> str:
    """A reason as it may be said to others: without addresses, in one line, at most 300 characters."""
    told = " ".join(_ADDRESS.sub("the board", why).split())
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
