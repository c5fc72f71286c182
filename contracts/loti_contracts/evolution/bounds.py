"""Bounds: whether one who keeps to some bounds keeps to others as well. Pure."""

from collections.abc import Iterator
from typing import Final

from loti_contracts.evolution.cases import Case

LOWER: Final = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum", "minContains")
UPPER: Final = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum", "maxContains")


def passed(case: Case, other: Case) -> Iterator[str]:
    """The bounds of `other` that one who keeps to `case` may pass."""
    for name in LOWER:
        if name in other.rules and not _at_least(name, case, other.rules[name]):
            yield name
    for name in UPPER:
        if name in other.rules and not _at_most(name, case, other.rules[name]):
            yield name
    if "multipleOf" in other.rules and not _divides(other.rules["multipleOf"], case.rules.get("multipleOf")):
        yield "multipleOf"


def _at_least(name: str, case: Case, bound: float) -> bool:
    if name in ("minLength", "minItems", "minProperties") and bound <= 0:
        return True
    if name == "minContains" and bound == 1 and name not in case.rules:
        return True
    least, above = case.rules.get("minimum"), case.rules.get("exclusiveMinimum")
    if name == "minimum":
        return (least is not None and least >= bound) or (above is not None and above >= bound)
    if name == "exclusiveMinimum":
        return (least is not None and least > bound) or (above is not None and above >= bound)
    return name in case.rules and case.rules[name] >= bound


def _at_most(name: str, case: Case, bound: float) -> bool:
    most, below = case.rules.get("maximum"), case.rules.get("exclusiveMaximum")
    if name == "maximum":
        return (most is not None and most <= bound) or (below is not None and below <= bound)
    if name == "exclusiveMaximum":
        return (most is not None and most < bound) or (below is not None and below <= bound)
    if name == "maxItems" and case.rules.get("items") is False:
        return len(case.rules.get("prefixItems", ())) <= bound
    return name in case.rules and case.rules[name] <= bound


def _divides(by: float, wrote: float | None) -> bool:
    return wrote is not None and float(wrote / by).is_integer()
