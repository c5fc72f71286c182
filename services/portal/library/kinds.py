"""The kinds of things that the library keeps: how pages and addresses name them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from loti_contracts.events.library_content import ItemKind


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of item. `slug` stands in addresses."""

    name: ItemKind
    plural: str
    about: str
    a: str = "a"

    @property
    def slug(self) -> str:
        """As addresses have it: job-description."""
        return self.name.replace(" ", "-")

    @property
    def with_article(self) -> str:
        """A job description, an event, training."""
        return f"{self.a} {self.name}".strip()


_KINDS: Final = (
    Kind(
        "job description",
        "Job descriptions",
        "Exemplars to start a recruitment from, by standard role and level.",
    ),
    Kind("team structure", "Team structures", "Who reports to whom in a borough's team, drawn as a chart."),
    Kind("case study", "Case studies", "What a borough did, and what came of it."),
    Kind("training", "Training", "Courses and material, by skill.", a=""),
    Kind("apprenticeship", "Apprenticeships", "Standards, providers and how to use the levy.", a="an"),
    Kind("challenge", "Shared challenges", "What several boroughs struggle with, and who is working on it."),
    Kind("event", "Events", "Meetings of the communities of practice, and more.", a="an"),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""By name, in the order in which pages show them."""

BY_SLUG: Final[Mapping[str, Kind]] = MappingProxyType({kind.slug: kind for kind in _KINDS})
