"""The shortlist made the straightforward way, one supporter after the other: what the fast way is held against."""

from collections.abc import Iterable
from datetime import date

from loti_contracts.events import Candidate, LeftOut, Request
from services.matching.eligibility import SupporterNow, bar
from services.matching.fit import Fit, fit
from services.matching.judging import drawn
from services.matching.shortlist import Rules


def straightforward(
    request: Request, supporters: Iterable[SupporterNow], *, today: date, rules: Rules | None = None
) -> tuple[list[Candidate], list[LeftOut]]:
    """Candidates, best first, and everyone left out, nearest first, each with the sentence."""
    rules = rules or Rules()
    ranked: list[tuple[SupporterNow, Fit]] = []
    groups: dict[str, list[tuple[SupporterNow, Fit, str]]] = {
        "barred": [],
        "unfit": [],
        "gone": [],
        "other": [],
    }
    for now in supporters:
        found = fit(request, now, weights=rules.weights)
        why = bar(request, now, today=today, fresh_for=rules.fresh_for)
        if why is not None:
            place = {"withdrawn from the list": "gone", "listed for another kind of help": "other"}
            groups[place.get(why.sort, "barred")].append((now, found, why.sentence))
        elif found.related:
            ranked.append((now, found))
        else:
            asked = [
                found.parts[name].sentence for name in ("role fit", "skill overlap") if name in found.parts
            ]
            groups["unfit"].append((now, found, " ".join(asked)))

    def place_of(now: SupporterNow, found: Fit) -> tuple[float, int]:
        return -found.score, drawn(request.id, now.supporter.id)

    ranked.sort(key=lambda one: place_of(*one))
    best, rest = ranked[: rules.size], ranked[rules.size :]
    others = "the one proposed" if len(best) == 1 else f"each of the {len(best)} proposed"
    left_out = [
        LeftOut(
            supporter_id=now.supporter.id,
            why=f"Could help (score {found.score:.2f}), but {others} scored {best[-1][1].score:.2f} or more.",
        )
        for now, found in rest
    ]
    for group in groups.values():
        for now, _, why_not in sorted(group, key=lambda one: place_of(one[0], one[1])):
            left_out.append(LeftOut(supporter_id=now.supporter.id, why=why_not))
    candidates = [
        Candidate(
            supporter_id=now.supporter.id,
            contact_id=now.supporter.contact_id,
            score=found.score,
            reasons=found.reasons(),
        )
        for now, found in best
    ]
    return candidates, left_out
