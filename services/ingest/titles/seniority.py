"""How senior a title says the job is."""

from collections.abc import Sequence
from typing import Final

from loti_contracts.vocabulary import Level
from services.ingest.titles.evidence import contains
from services.ingest.titles.vocabulary import Vocabulary

_MANAGER: Final = ("manager",)
_ORDER: Final[tuple[Level, ...]] = ("trainee", "chief", "head", "principal", "lead", "associate", "senior")
"""The order in which level words are believed."""


def level_of(title: Sequence[str], role: str | None, vocabulary: Vocabulary) -> tuple[Level, str]:
    """The level and the word that says it; practitioner, and no word, where none does.

    A manager leads a team unless the standard role is itself a manager's. A deputy director is a head; the
    word "director" there does not make a chief.
    """
    silent = contains(title, vocabulary.levels["not_levels"])
    heard = _without(title, silent) if silent else tuple(title)
    deputy = contains(heard, vocabulary.levels["head"])
    top = _without(heard, deputy) if deputy else heard
    manages = contains(heard, (_MANAGER,)) and not _is_managers(role)
    for level in _ORDER:
        phrase = contains(top if level == "chief" else heard, vocabulary.levels[level])
        if phrase and not (level == "senior" and manages):
            return level, " ".join(phrase)
    return ("lead", "manager") if manages else ("practitioner", "")


def _is_managers(role: str | None) -> bool:
    return role is not None and role.endswith("manager")


def _without(title: Sequence[str], phrase: Sequence[str]) -> tuple[str, ...]:
    length = len(phrase)
    for at in range(len(title) - length + 1):
        if tuple(title[at : at + length]) == tuple(phrase):
            return (*title[:at], "-", *title[at + length :])
    return tuple(title)
