"""Changes: what was changed where, and whom it breaks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Reader = Literal["a subscriber that still reads OLD", "a reader of NEW that replays what is kept"]

OLD: Reader = "a subscriber that still reads OLD"
NEW: Reader = "a reader of NEW that replays what is kept"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change. `where` is a path such as `role.pay.minimum`, `[]` for the items of a list; empty for the whole.

    `breaks` names the readers that can fail; nobody: the change is compatible.
    """

    where: str
    what: str
    why: str
    breaks: tuple[Reader, ...] = ()

    @property
    def verdict(self) -> Literal["breaking", "compatible"]:
        """In one word."""
        return "breaking" if self.breaks else "compatible"

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "where": self.where,
            "what": self.what,
            "why": self.why,
            "verdict": self.verdict,
            "breaks": list(self.breaks),
        }


def breaking(changes: Iterable[Change]) -> list[Change]:
    """Those of them that break somebody."""
    return [change for change in changes if change.breaks]
