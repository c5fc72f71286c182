"""Whether a role is of a kind seen nowhere before, and why. Pure.

How alike two titles look decides nothing: a Data Journalist looks much like a data analyst, and is none. What decides
is the word that names the work (its head) and, for crafts, the word before it, after slips, rank, terms, teams and
places are taken off:

* nobody was ever named for that craft (journalist): novel;
* a post is named for a thing that no title had before (the twin of a Digital Twin Manager): novel;
* the craft is known, no standard role fits, and what it is applied to is new (prompt engineer): novel;
* no standard role fits, both words are known, but never together (content engineer): novel once enough was heard.

A standard role that was read with confidence settles it: then the title is another name for known work. In the first
days, when nothing has been heard, the standard roles and `words.toml` are all that is known; then crafts alone are
judged, since what an officer or manager is responsible for is new every day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from loti_contracts.events import Role
from loti_contracts.vocabulary import standard_roles
from services.matching.demand.titles import Named, named
from services.matching.demand.wording import with_article
from services.matching.demand.words import links, lists, same_word, stem, words_of

SURE = 0.7
"""The confidence from which on a standard role that was read settles it; below, a person should look."""

Feature = tuple[Literal["word", "head", "kind"], tuple[str, ...]]
"""Something of a title that may have been heard before: a word, the head, or the kind of work."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a role is novel, and why or why not."""

    novel: bool
    why: str
    new_words: tuple[str, ...] = ()


def features(title: str) -> frozenset[Feature]:
    """What of this title later ones may be compared with."""
    of = named(title)
    found: set[Feature] = {("word", (word,)) for word in of.words}
    if of.head is not None:
        found |= {("head", (of.head,)), ("kind", tuple(sorted(of.kind)))}
    return frozenset(found)


def asked(title: str) -> frozenset[Feature]:
    """Of which features it must be known whether an earlier role had them, to judge this title."""
    of = named(title)
    found = {feature for feature in features(title) if feature[0] == "kind"}
    words: set[Feature] = {("word", (word,)) for word in of.kind}
    return frozenset(found | words | {("head", (word,)) for word in of.kind})


def same_feature(one: Feature, other: Feature) -> bool:
    """Whether two features are one, endings and one slip aside; word order never matters."""
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        return False
    return any(_same_words(one[1], way) for way in (other[1], other[1][::-1]))


def _same_words(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    differing = [(a, b) for a, b in zip(one, other, strict=True) if stem(a) != stem(b)]
    return len(differing) <= 1 and all(same_word(a, b) for a, b in differing)


def feature_links(feature: Feature) -> frozenset[str]:
    """Strings of which two features that are one have at least one in common; of two words, one may be a slip."""
    part, words = feature
    stems = [f"={stem(word)}" for word in words]
    found = {"|".join(sorted(stems))}
    for at, word in enumerate(words):
        others = (*stems[:at], *stems[at + 1 :])
        found |= {"|".join(sorted((*others, link))) for link in links(word)}
    return frozenset(f"{part}:{link}" for link in found)


def judge(role: Role, heard: Collection[Feature], *, settled_in: bool) -> Judgement:
    """Judge a role by its title. `heard`: those of the `asked` features that an earlier role has; `settled_in`:
    whether the first weeks of listening were over when it was found."""
    of = named(role.title)
    if of.head is None:
        return Judgement(False, "The title names no kind of work beyond the field itself.")
    if role.standard_role is not None and role.confidence >= SURE:
        return Judgement(False, f"It is {with_article(role.standard_role.name)} by another title.")

    def known(part: Literal["word", "head"], word: str) -> bool:
        return (part, (word,)) in heard or _familiar(word)

    new = tuple(word for word in of.kind if not known("word", word))
    if of.head in new and not known("head", of.head):
        return _new_head(of, role, new, settled_in=settled_in)
    if not of.craft or len(of.kind) == 1 or role.relevance != "yes":
        return Judgement(False, f"Work on '{of.head}' is known.")
    kind = " ".join(of.kind)
    if ("kind", tuple(sorted(of.kind))) in heard or any(
        same_feature(("kind", of.kind), one) for one in _kinds()
    ):
        return Judgement(False, f"'{kind}' is known.")
    if new:
        what = " and ".join(f"'{word}'" for word in new)
        return Judgement(
            True, f"No standard role fits, and {what} was not heard before in the title of a role.", new
        )
    if role.standard_role is not None:
        return Judgement(
            False, f"It is probably {with_article(role.standard_role.name)}, and no word of it is new."
        )
    if not settled_in:
        return Judgement(
            False, f"'{kind}' is made of known words, and too little has been heard yet to call it new."
        )
    return Judgement(
        True, f"No standard role fits, and nobody was named '{kind}' before, though each word is known."
    )


def _new_head(of: Named, role: Role, new: tuple[str, ...], *, settled_in: bool) -> Judgement:
    if of.craft:
        why = f"No standard role and no role found before has a '{of.head}' in its title."
        return Judgement(True, why, new)
    if role.relevance != "yes":
        return Judgement(False, f"'{of.head}' is new, but is no craft, and the role may not be ours.")
    if len(of.kind) > 1:
        return Judgement(False, f"'{' '.join(of.kind)}' is what the post is responsible for, not a craft.")
    if not settled_in:
        return Judgement(False, f"'{of.head}' is no craft, and too little has been heard yet to call it new.")
    why = f"No standard role and no role found before is named for '{of.head}'."
    return Judgement(True, why, new)


def _familiar(word: str) -> bool:
    """Whether a standard role, a skill of one, or `words.toml` has the word."""
    return any(same_word(word, one) for link in links(word) for one in _vocabulary().get(link, ()))


@cache
def _vocabulary() -> Mapping[str, frozenset[str]]:
    words = {*lists()["known"], *lists()["domain"]}
    for role in standard_roles().values():
        for text in (role.name, *role.skills, *(level.name for level in role.levels)):
            words.update(words_of(text.casefold()))
    found: dict[str, set[str]] = {}
    for word in words:
        for link in links(word):
            found.setdefault(link, set()).add(word)
    return {link: frozenset(of) for link, of in found.items()}


@cache
def _kinds() -> frozenset[Feature]:
    titles = {
        one
        for role in standard_roles().values()
        for one in (role.name, *(level.name for level in role.levels))
    }
    return frozenset(("kind", named(title).kind) for title in titles if len(named(title).kind) > 1)
