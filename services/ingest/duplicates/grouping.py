"""Groups of adverts that are one job each, the same in whatever order they are given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from services.ingest.duplicates.advert import Advert, Verdict
from services.ingest.duplicates.features import blocking_keys
from services.ingest.duplicates.verdict import same_job

_SHARED_BY_MANY: Final = 40
"""A reference, address or opening of a text that more adverts have than this says nothing about any."""

_MAY_BE_SHARED: Final = ("r:", "l:", "x:")


def group(adverts: Iterable[Advert]) -> list[frozenset[str]]:
    """The ids of the adverts, one set for each job, in the order of their smallest ids; each id is in one set.

    The surest pairs are joined first, and no set holds two adverts that a fact tells apart: two that are open on
    one board at the same time are in one set only as word-for-word copies. An advert that fits two such jobs
    equally well joins neither. Of several adverts with one id one is taken. Never raises.
    """
    given = list(adverts)
    known = {advert.id: advert for advert in given}
    if len(known) < len(given):
        known = {advert.id: advert for advert in sorted(given, key=repr, reverse=True)}
    verdicts = {pair: same_job(known[pair[0]], known[pair[1]]) for pair in candidates(known.values())}
    likes = _likes(verdicts)
    of = {id_: frozenset([id_]) for id_ in known}
    for one, other in sorted(
        (pair for pair, verdict in verdicts.items() if verdict.same),
        key=lambda pair: (-verdicts[pair].score, pair),
    ):
        mine, theirs = of[one], of[other]
        if mine is theirs or _torn(one, other, likes, known) or _torn(other, one, likes, known):
            continue
        if all(same_job(known[a], known[b]).score > 0 for a in mine for b in theirs):
            joined = mine | theirs
            of.update(dict.fromkeys(joined, joined))
    return sorted(set(of.values()), key=min)


def candidates(adverts: Iterable[Advert]) -> Iterator[tuple[str, str]]:
    """Every pair of ids, smaller first, that shares a blocking key and so is worth comparing; each pair once."""
    blocks: dict[str, list[str]] = {}
    for advert in adverts:
        for key in blocking_keys(advert):
            blocks.setdefault(key, []).append(advert.id)
    told: set[tuple[str, str]] = set()
    for key, ids in blocks.items():
        if len(ids) > _SHARED_BY_MANY and key.startswith(_MAY_BE_SHARED):
            continue
        for pair in combinations(sorted(ids), 2):
            if pair not in told:
                told.add(pair)
                yield pair


def _likes(verdicts: Mapping[tuple[str, str], Verdict]) -> Mapping[str, Sequence[tuple[str, float]]]:
    """Who each advert is judged the same as, and how surely."""
    likes: dict[str, list[tuple[str, float]]] = {}
    for (one, other), verdict in verdicts.items():
        if verdict.same:
            likes.setdefault(one, []).append((other, verdict.score))
            likes.setdefault(other, []).append((one, verdict.score))
    return likes


def _torn(
    one: str, other: str, likes: Mapping[str, Sequence[tuple[str, float]]], known: Mapping[str, Advert]
) -> bool:
    """Whether `one` fits another job as well as it fits `other`."""
    score = next(score for id_, score in likes[one] if id_ == other)
    return any(
        rival != other and fit == score and same_job(known[rival], known[other]).score == 0.0
        for rival, fit in likes[one]
    )
