"""What a bench found: series of figures from interleaved rounds, and what each was to reach."""

import statistics
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Scale:
    """How long a bench takes. `quick`: seconds, to see that it runs; its figures mean nothing."""

    rounds: int = 5
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One thing measured, a value for each round."""

    name: str
    unit: str
    values: tuple[float, ...]
    better: Literal["more", "less"]

    @property
    def median(self) -> float:
        """Of the rounds."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the most of the rounds."""
        return min(self.values), max(self.values)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One series beside another one, by the median of what each round's pair was to one another."""

    of: str
    to: str
    at_least: float | None = None
    at_most: float | None = None
    says: str = ""

    def ratio(self, result: "Result") -> float:
        """`of` by `to`: paired round by round, or of the medians where the rounds do not pair."""
        of, to = result[self.of], result[self.to]
        if len(of.values) != len(to.values):
            return of.median / to.median
        return statistics.median(one / other for one, other in zip(of.values, to.values, strict=True))

    def reached(self, result: "Result") -> bool | None:
        """None where nothing was asked."""
        return _within(self.ratio(result), self.at_least, self.at_most)


@dataclass(frozen=True, slots=True)
class Reach:
    """What the median of one series was to reach."""

    of: str
    at_least: float | None = None
    at_most: float | None = None
    says: str = ""

    def reached(self, result: "Result") -> bool | None:
        """None where nothing was asked."""
        return _within(result[self.of].median, self.at_least, self.at_most)


@dataclass(frozen=True, slots=True)
class Result:
    """All of one bench. `says` is what was measured, in a sentence or two; `notes` what a reader must know of the figures."""

    name: str
    says: str
    series: tuple[Series, ...]
    comparisons: tuple[Comparison, ...] = ()
    reaches: tuple[Reach, ...] = ()
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Series:
        """The series of that name."""
        for one in self.series:
            if one.name == name:
                return one
        raise KeyError(f"{self.name} has no series {name!r}")

    def __post_init__(self) -> None:
        """A name that stands for nothing, or for two things, is a slip of the bench."""
        names = [one.name for one in self.series]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.name} has two series of one name: {sorted(names)}")
        for asked in (*self.comparisons, *self.reaches):
            asked.reached(self)

    def as_json(self) -> dict[str, Any]:
        """With the ratios, and whether each reach was reached."""
        return asdict(self) | {
            "comparisons": [
                asdict(one) | {"ratio": one.ratio(self), "reached": one.reached(self)}
                for one in self.comparisons
            ],
            "reaches": [asdict(one) | {"reached": one.reached(self)} for one in self.reaches],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Result":
        """What `as_json` gave."""
        found = {"ratio", "reached"}
        return cls(
            name=kept["name"],
            says=kept["says"],
            series=tuple(Series(**one | {"values": tuple(one["values"])}) for one in kept["series"]),
            comparisons=tuple(
                Comparison(**{key: value for key, value in one.items() if key not in found})
                for one in kept["comparisons"]
            ),
            reaches=tuple(
                Reach(**{key: value for key, value in one.items() if key not in found})
                for one in kept["reaches"]
            ),
            notes=tuple(kept["notes"]),
        )


def _within(figure: float, at_least: float | None, at_most: float | None) -> bool | None:
    if at_least is None and at_most is None:
        return None
    return (at_least is None or figure >= at_least) and (at_most is None or figure <= at_most)
