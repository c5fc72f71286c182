"""How senior a job is: eight levels, lowest first, that every service orders the same way.

The names follow the role levels of the Government Digital and Data framework; `practitioner` is a role name
with no level word. Compare levels with `rank`, never as text.
"""

from typing import Final, Literal

Level = Literal["trainee", "associate", "practitioner", "senior", "lead", "principal", "head", "chief"]

LEVELS: Final[tuple[Level, ...]] = (
    "trainee",
    "associate",
    "practitioner",
    "senior",
    "lead",
    "principal",
    "head",
    "chief",
)


def rank(level: Level) -> int:
    """Where a level stands, 0 (trainee) to 7 (chief). Raises ValueError for a word that is no level."""
    return LEVELS.index(level)
