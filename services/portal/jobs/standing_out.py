"""What stands out about a role, in sentences: hard to recruit, wanted by several boroughs, of a new kind, out of its
market."""

from collections.abc import Iterable
from dataclasses import dataclass

from loti_contracts.events import HardRole, NovelRole, PaySignal, SharedDemand


@dataclass(frozen=True, slots=True)
class StandsOut:
    """A heading and why, in words; `advice` is what could be done about it. `roles` are others that it is about: their
    ids and titles."""

    heading: str
    why: str
    advice: str | None = None
    roles: tuple[tuple[str, str], ...] = ()


_SIGNALS = {
    "below market": "Offers less than the market",
    "above market": "Offers more than the market",
    "spans levels": "The range spans two levels",
}


def standing_out(said: Iterable[tuple[str, str]]) -> list[StandsOut]:
    """`said`: what each state is about (hard, novel, demand, signal), and the state as JSON."""
    return [found for about, state in said if (found := _one(about, state)) is not None]


def _one(about: str, state: str) -> StandsOut | None:
    if about == "hard":
        return StandsOut("Hard to recruit", HardRole.model_validate_json(state).why)
    if about == "demand":
        demand = SharedDemand.model_validate_json(state)
        advice = (
            f"What they could do together: {demand.step}. {demand.step_why or ''}".strip()
            if demand.step
            else None
        )
        return StandsOut("Several boroughs look for this", demand.sentence, advice)
    if about == "novel":
        novel = NovelRole.model_validate_json(state)
        near = tuple((one.role_id, one.title) for one in novel.nearest_titles if one.role_id)
        return StandsOut("A new kind of role", novel.why, roles=near[:3])
    signal = PaySignal.model_validate_json(state)
    heading = _SIGNALS.get(signal.kind)
    return StandsOut(heading, signal.sentence) if heading else None
