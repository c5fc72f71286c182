"""What is said of a database, from what it answered. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from deploy.doctor.findings import Finding, Level
from loti_contracts.delivery.migrations import Migration, differences

_OLDEST: Final = 14
_APART: Final = 2.0
"""Seconds between two clocks that are still called the same time."""
_LATE: Final = 60.0
"""Seconds for which an event may wait in the outbox."""


def clock(name: str, theirs: datetime, *, between: tuple[datetime, datetime]) -> Iterator[Finding]:
    """`theirs` was read at some moment between these two of ours."""
    first, last = between
    apart = max((first - theirs).total_seconds(), (theirs - last).total_seconds(), 0.0)
    if apart > _APART:
        yield Finding(
            "wrong",
            name,
            "clock",
            f"the database's clock is {apart:.0f} s from this machine's",
            "let chrony or systemd-timesyncd run on both",
        )
    else:
        yield Finding("good", name, "clock", "the database's clock and this machine's agree")


def server(name: str, *, major: int, encoding: str, used: int, most: int) -> Iterator[Finding]:
    """Whether this PostgreSQL can hold what the service keeps."""
    if encoding != "UTF8":
        yield Finding(
            "wrong",
            name,
            "database",
            f"its encoding is {encoding}",
            "make it anew with TEMPLATE template0 ENCODING 'UTF8'",
        )
    if major < _OLDEST:
        yield Finding("wrong", name, "database", f"is PostgreSQL {major}", f"take {_OLDEST} or newer")
    if used > 0.8 * most:
        yield Finding(
            "warning",
            name,
            "database",
            f"{used} of its {most} connections are in use",
            "raise max_connections, or put a pooler in session mode before it",
        )
    yield Finding(
        "good", name, "database", f"answers; PostgreSQL {major}, {used} of {most} connections in use"
    )


def role(name: str, login: str, *, powerful: bool, others: list[str]) -> Iterator[Finding]:
    """A login that reaches one database alone is all that a service needs."""
    if powerful:
        yield Finding(
            "warning",
            name,
            "database",
            f"{login} may administer the server",
            f"let {name} sign in as a login of its own that owns this database alone",
        )
    elif others:
        yield Finding(
            "warning",
            name,
            "database",
            f"{login} may connect to {', '.join(sorted(others))} too",
            f"REVOKE CONNECT ON DATABASE {sorted(others)[0]} FROM PUBLIC",
        )
    else:
        yield Finding("good", name, "database", f"{login} reaches this database alone")


_DIFFER: Final[Mapping[str, tuple[Level, str, str]]] = {
    "edited": (
        "wrong", "{} was edited after it was applied", "put back the file that was released; write a new one for the change",
    ),
    "gone": ("wrong", "{} was applied and is not there any more", "put it back: {service} does not start without it"),
    "pending": ("warning", "{} not applied yet", "start this version of {service}; it applies them itself"),
    "newer": (
        "warning", "the database is newer than this code, by {}",
        "run the version that applied it; until then the older one works on",
    ),
}  # fmt: skip


def migrations(
    service: str, name: str, files: Sequence[Migration], applied: Mapping[tuple[str, int], tuple[str, str]]
) -> Iterator[Finding]:
    """Whether the database stands where these files bring it. `applied`: file and digest, by whose and number."""
    mine = {number: what for (whose, number), what in applied.items() if whose == name}
    found = list(differences(files, mine))
    for kind, (level, what, mend) in _DIFFER.items():
        if which := [one.file for one in found if one.kind == kind]:
            said = f"{name}: {what.format(', '.join(which))}"
            yield Finding(level, service, "migrations", said, mend.format(service=service))
    if not found:
        yield Finding("good", service, "migrations", f"{name}: {len(mine)} applied, none missing")


def delivered(
    name: str, *, waiting: int, oldest: float, letters: int, stopped: str | None
) -> Iterator[Finding]:
    """What waits to be published, for how many seconds; what was set aside; why the consumer was stopped, if it was."""
    if oldest > _LATE:
        yield Finding(
            "wrong", name, "outbox", f"{waiting} events wait, the oldest for {oldest:.0f} s",
            f"see that {name} runs and reaches the broker; they are published then",
        )  # fmt: skip
    else:
        yield Finding("good", name, "outbox", f"{waiting} events wait")
    if stopped:
        yield Finding(
            "wrong", name, "consumer", f"its breaker stopped it: {stopped}",
            "see `loti dead-letters list`, mend it, then `loti dead-letters resume`",
        )  # fmt: skip
    if letters:
        yield Finding(
            "warning", name, "dead letters", f"{letters} set aside",
            "see `loti dead-letters list`, then replay or discard them",
        )  # fmt: skip
    else:
        yield Finding("good", name, "dead letters", "none")
