"""Who is meant: names in place of the ids that sentences about a round have. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loti_contracts.events import Round, RoundResult
from services.portal.web.words import borough


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a round. `where`: their borough; empty where they have none."""

    id: str
    name: str
    where: str
    about: str
    """What is asked for, or what they know."""

    @property
    def words(self) -> str:
        """In one line: Asha Khan (Camden), Data engineer, practitioner."""
        where = f" ({self.where})" if self.where else ""
        return f"{self.name}{where}{f', {self.about}' if self.about else ''}"


def asking(id_: str, name: str | None, gss: str, *, role: str | None, level: str | None) -> Person:
    """Who asks. Without a name: the contact is not known here, or was erased."""
    where = borough(gss)
    return Person(id_, name or f"Somebody of {where}", where, _listed(role, level))


def helping(
    id_: str, name: str | None, gss: str | None, *, known: Sequence[str], level: str | None
) -> Person:
    """Who helps. `known`: the roles and families of roles that they know."""
    where = borough(gss) if gss else ""
    return Person(id_, name or f"Somebody known as {id_}", where, _listed(*known[:3], level))


def _listed(*words: str | None) -> str:
    return ", ".join(filter(None, words))


class Names:
    """Everybody whom a page about a round tells of."""

    def __init__(self, requests: Mapping[str, Person], supporters: Mapping[str, Person]) -> None:
        self._known = {"request": requests, "supporter": supporters}
        ids = sorted({*requests, *supporters}, key=len, reverse=True)
        found = "|".join(map(re.escape, ids))
        self._meant = re.compile(rf"\b(request|supporter) ({found})(?![\w-])", re.IGNORECASE) if ids else None

    def requests(self) -> Sequence[Person]:
        """All who ask, by name."""
        return sorted(self._known["request"].values(), key=lambda one: (one.name, one.id))

    def supporters(self) -> Sequence[Person]:
        """All who help, by name."""
        return sorted(self._known["supporter"].values(), key=lambda one: (one.name, one.id))

    def request(self, id_: str) -> Person:
        """Who asks."""
        return self._known["request"].get(id_) or Person(id_, f"Request {id_}", "", "")

    def supporter(self, id_: str) -> Person:
        """Who helps."""
        return self._known["supporter"].get(id_) or Person(id_, f"Supporter {id_}", "", "")

    def anybody(self, id_: str) -> Person:
        """Who asks or helps."""
        return (
            self._known["request"].get(id_) or self._known["supporter"].get(id_) or Person(id_, id_, "", "")
        )

    def in_words(self, sentence: str) -> str:
        """The sentence with names: `Request r-1: supporter s-2.` becomes `Asha Khan: Ben Okoro.`"""
        return self._meant.sub(self._named, sentence) if self._meant else sentence

    def _named(self, found: "re.Match[str]") -> str:
        person = self._known[found[1].lower()].get(found[2])
        return person.name if person else found[0]


def everybody(round_: Round, result: RoundResult | None) -> tuple[set[str], set[str]]:
    """The ids of the requests and the supporters that a page about a round tells of. Who takes no part may be either."""
    two = (*round_.together, *round_.apart)
    requests = {*round_.request_ids, *round_.without, *(one.request_id for one in two)}
    supporters = {*round_.supporter_ids, *round_.without, *(one.supporter_id for one in two)}
    if result is not None:
        requests |= {one.request_id for one in result.pairs} | {one.request_id for one in result.not_paired}
        supporters |= {one.supporter_id for one in result.pairs} | {
            one.supporter_id for one in result.set_aside
        }
        supporters |= {one.supporter_id for one in result.fairness.loads} if result.fairness else set()
        requests |= _told_of("request", result)
        supporters |= _told_of("supporter", result)
    return requests, supporters


def _told_of(kind: str, result: RoundResult) -> set[str]:
    """Of whom only the sentences tell: whom people had before, and why a round cannot be."""
    meant = re.compile(rf"\b{kind} (\S+?)(?=[.,:;]?(?:\s|$))", re.IGNORECASE)
    return {id_ for text in (*result.changes, result.why or "") for id_ in meant.findall(text)}
