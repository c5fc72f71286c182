"""What titles were heard before a role's: the index that novelty is judged by."""

from collections.abc import Collection, Iterable, Sequence

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Role
from services.matching.demand.novelty import Feature, feature_links, features, same_feature
from services.matching.demand.store import Taken
from services.matching.demand.titles import named

_queries = queries_beside(__file__)

_LATEST = 60
"""Titles with a word in common that are compared with a novel one, for each word."""


async def hear(tx: Connection, role: Role, before: Taken | None) -> None:
    """Keep what a role's title has, in the place of what it had before."""
    if before is not None:
        if (before.title, before.found_at) == (role.title, role.found_at):
            return
        await _queries.drop_features(tx, role_id=role.id)
    found = sorted(features(role.title))
    pairs = [(link, _text(feature)) for feature in found for link in sorted(feature_links(feature))]
    await _queries.add_features(tx, features=list(map(_text, found)), found_at=role.found_at, role_id=role.id)
    await _queries.add_links(tx, links=[link for link, _ in pairs], features=[text for _, text in pairs])


async def heard_before(tx: Connection, role: Role, wanted: Collection[Feature]) -> set[Feature]:
    """Which of these features, slips and endings aside, a role has that was found before this one."""
    same = await _same(tx, wanted)
    had = _queries.had_before(
        tx,
        features=sorted({one for near in same.values() for one in near}),
        found_at=role.found_at,
        role_id=role.id,
    )
    texts = {row["feature"] async for row in had}
    return {feature for feature, near in same.items() if near & texts}


async def judged_by(tx: Connection, role_id: str, taken: Iterable[Taken]) -> Sequence[str]:
    """The ids of the roles found later whose novelty, or nearest titles, hang on what this role's title was and is.

    A role is novel only while it is the first with its word, head and kind. So of all that have one of these, or a
    slip of it, only the next one after this role can be concerned.
    """
    found: set[str] = set()
    for one in taken:
        near = await _same(tx, features(one.title))
        texts = sorted({text for group in near.values() for text in group})
        place = {"found_at": one.found_at, "role_id": role_id}
        found |= {row["role_id"] async for row in _queries.next_with(tx, features=texts, **place)}
        words = sorted(set(named(one.title).words))
        found |= {row["role_id"] async for row in _queries.novel_after(tx, words=words, **place)}
    return sorted(found - {role_id})


async def titles_before(tx: Connection, role: Role) -> list[tuple[str, str]]:
    """The latest titles found before this role's that have a word in common with it, with their roles' ids."""
    words = sorted({_text(("word", (word,))) for word in named(role.title).words})
    rows = _queries.titles_before(tx, features=words, found_at=role.found_at, role_id=role.id, most=_LATEST)
    return [(row["title"], row["role_id"]) async for row in rows]


async def _same(tx: Connection, wanted: Collection[Feature]) -> dict[Feature, set[str]]:
    """For each feature those kept that are the same but for a slip or an ending, as they are kept."""
    links = sorted({link for feature in wanted for link in feature_links(feature)})
    kept = [_feature(row["feature"]) async for row in _queries.linked(tx, links=links)]
    return {feature: {_text(one) for one in kept if same_feature(feature, one)} for feature in wanted}


def _text(feature: Feature) -> str:
    part, words = feature
    return f"{part}:{' '.join(words)}"


def _feature(text: str) -> Feature:
    part, _, words = text.partition(":")
    for known in ("word", "head", "kind"):
        if part == known:
            return (known, tuple(words.split()))
    raise ValueError(f"{text!r} is no feature of a title")
