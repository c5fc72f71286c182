"""A round again, with other rules: who is kept together or apart, who takes no part, another draw. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from loti_contracts.events import Round, RoundPair, Together
from services.portal.rounds.asking import Fault

CHOICES: Final[Mapping[str, str]] = {
    "": "As it is",
    "together": "Keep together",
    "apart": "Keep apart",
    "request": "Leave the person out",
    "supporter": "Leave the supporter out",
}
"""What can be done about a pair."""
HIGHEST_SEED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was filled in."""

    pairs: Mapping[int, str] = field(default_factory=dict)
    """What to do about which pair of the result, by its number; see CHOICES."""
    left_out: tuple[int, ...] = ()
    """Which of those without a supporter are to take no part, by number."""
    lift: tuple[str, ...] = ()
    """Rules that are to hold no longer: `together 0`, `apart 2`, `without 1`."""
    request: str = ""
    supporter: str = ""
    two: str = ""
    """What these two are to be: together or apart."""
    related_only: bool = False
    seed: str = "0"


class _Rules:
    """The rules of a round, to be changed."""

    def __init__(self, round_: Round, lift: Collection[str]) -> None:
        self.together = [one for at, one in enumerate(round_.together) if f"together {at}" not in lift]
        self.apart = [one for at, one in enumerate(round_.apart) if f"apart {at}" not in lift]
        self.without = [one for at, one in enumerate(round_.without) if f"without {at}" not in lift]

    def keep(self, two: Together, how: str) -> None:
        """Two are to be together, which nobody else can be with the person then, or apart. Both take part, then."""
        self.without = [one for one in self.without if one not in (two.request_id, two.supporter_id)]
        self.apart = [one for one in self.apart if one != two]
        self.together = [
            one
            for one in self.together
            if one != two and not (how == "together" and one.request_id == two.request_id)
        ]
        (self.together if how == "together" else self.apart).append(two)

    def leave_out(self, id_: str) -> None:
        """Somebody takes no part, and is in no other rule."""
        self.together = [one for one in self.together if id_ not in (one.request_id, one.supporter_id)]
        self.apart = [one for one in self.apart if id_ not in (one.request_id, one.supporter_id)]
        if id_ not in self.without:
            self.without.append(id_)


def read(
    typed: Typed,
    round_: Round,
    pairs: Sequence[RoundPair],
    left_out: Sequence[str],
    *,
    requests: Collection[str],
    supporters: Collection[str],
) -> tuple[Mapping[str, Any], Sequence[Fault]]:
    """What differs from the round as it is, and what is wrong. `requests` and `supporters`: who may be named."""
    rules, faults = _Rules(round_, typed.lift), []
    for at, what in typed.pairs.items():
        if not 0 <= at < len(pairs):
            continue
        one = pairs[at]
        match what:
            case "together" | "apart":
                rules.keep(Together(request_id=one.request_id, supporter_id=one.supporter_id), what)
            case "request":
                rules.leave_out(one.request_id)
            case "supporter":
                rules.leave_out(one.supporter_id)
            case _:
                pass
    for at in typed.left_out:
        if 0 <= at < len(left_out):
            rules.leave_out(left_out[at])
    if typed.request or typed.supporter:
        if typed.request not in requests:
            faults.append(Fault("request", "Choose the person, or neither of the two."))
        if typed.supporter not in supporters:
            faults.append(Fault("supporter", "Choose the supporter, or neither of the two."))
        if typed.two not in ("together", "apart"):
            faults.append(Fault("two", "Choose whether the two are to be together or apart."))
        if not faults:
            rules.keep(Together(request_id=typed.request, supporter_id=typed.supporter), typed.two)
    seed = _seed(typed.seed)
    if seed is None:
        faults.append(Fault("seed", f"Enter a whole number from 0 to {HIGHEST_SEED:,}."))
    return {
        "together": tuple(rules.together),
        "apart": tuple(rules.apart),
        "without": tuple(rules.without),
        "related_only": typed.related_only,
        "seed": seed,
        "status": "asked",
        "result_revision": None,
    }, faults


def _seed(typed: str) -> int | None:
    plain = typed.replace(",", "") or "0"
    if not (plain.isascii() and plain.isdigit()) or len(plain) > len(str(HIGHEST_SEED)):
        return None
    return int(plain) if int(plain) <= HIGHEST_SEED else None
