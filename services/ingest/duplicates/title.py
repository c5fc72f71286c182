"""A title as the job it names, apart from what boards add: employer, grade, contract, number of posts, reference."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from services.ingest.titles.words import singular, tidy

_ALIKE: Final = 0.8
_LONG_WORD: Final = 7
_GRADE: Final = re.compile(
    r"\b(?:career grade|pay band|grade|band|scale|scp|spine point|level|bexley csw)\s*[:.]?\s*(?:[a-z]{0,3}\s?\d{1,2}[a-z]?(?:\s?(?:-|to|/|–)\s?[a-z]{0,3}\d{1,2}[a-z]?)?|[a-m])\b"
    r"|\b(?:po|so|sc|sm|me|gr|pg|sw|g|bs|hay|mg|jm)\s?\d{1,2}(?:\s?(?:-|to|/|–)\s?(?:po|so|sc|me|sw|g)?\s?\d{1,2})?\b"
    r"|\bcareer grade\b"
)
_LEVEL: Final = re.compile(r"[a-z]{0,3}\d{1,2}|\b[a-m]\b")
_CONTRACT: Final = (
    (
        "fixed",
        re.compile(
            r"\b(?:\d{1,2}|one|two|three|six|twelve|eighteen)?[ -]*(?:months?|mths?|years?|yrs?)?[ ,-]*(?:fixed[ -]?term(?: contract)?|ftc|temporary|temp|interim)\b(?:[ ,-]*(?:until|for|to)?[ ]*\d{1,2}[ -]*(?:months?|mths?|years?|yrs?))?"
            r"|\b(?:maternity|paternity|parental leave|secondment)(?: cover| opportunity)?\b|\b\d{1,2}[ -](?:months?|mths?|years?|yrs?)(?: contract)?\b"
        ),
    ),
    ("permanent", re.compile(r"\bperm(?:anent)?\b")),
    ("part time", re.compile(r"\bpart[ -]?time\b|\bjob[ -]?share\b|\bterm[ -]time(?: only)?\b|\bp/t\b")),
    ("full time", re.compile(r"\bfull[ -]?time\b|\bf/t\b")),
)
_OPPOSED: Final = (frozenset({"fixed", "permanent"}), frozenset({"part time", "full time"}))
_NOISE: Final = re.compile(
    r"\b(?:x ?\d{1,2}|\d{1,2} ?x)\b|\b(?:\d{1,2}|two|three|four|five|several|multiple)\s?(?:posts?|positions?|roles?|vacanc(?:y|ies)|openings?)\b"
    r"|\bre-?advert(?:ised|isement|ising)?\b|\bre-?post(?:ed)?\b|\bextended\b|\bclosing soon\b|\burgent(?:ly)?\b|\bnew\b(?=[:!])"
    r"|£\s?[\d,.]+\s?k?(?:\s?(?:-|to|–)\s?£?\s?[\d,.]+\s?k?)?(?:\s?(?:p\.?a\.?|per (?:annum|hour|day)|ph|pd))?"
    r"|\b\d{1,2}(?:\.\d+)? ?(?:hours?|hrs?)(?: (?:per|a) week| p/?w)?\b"
    r"|\b(?:hybrid(?: working)?|remote|home[ -]based|on[ -]?site|internal only|internal|vacancy|job|hours)\b(?!\s\w+(?:er|or|ist|ant)\b)"
)
_REFERENCE: Final = re.compile(
    r"\b(?:job |vacancy |post )?(?:ref(?:erence)?|req(?:uisition)?|vacancy (?:no|number|id)|post (?:no|number)|job id)\b\.?\s*(?:no\.?|number|id|code)?\s*[:#.]?\s*([a-z0-9][a-z0-9/_.-]*\d[a-z0-9/_-]*)"
    r"|(?<![\w£])((?:[a-z]{1,6}[/_-]){0,2}[a-z]{1,6}[/_-]?\d{3,9}(?:[/_-]\d{1,6})*|\d{3,}[/_-][a-z0-9]+|[a-z]{1,3}0\d)(?![\w])"
    r"|^\s*(\d{5,8}|(?!20)\d{4})(?=\s*[-:|])|(?<=[-|(])\s*(\d{5,8}|(?!20)\d{4})\)?\s*$",
    re.IGNORECASE,
)
_LONGER: Final = {
    "snr": "senior", "sr": "senior", "jnr": "junior", "jr": "junior", "asst": "assistant", "assoc": "associate",
    "mgr": "manager", "mngr": "manager", "mgmt": "management", "eng": "engineer", "dev": "developer", "admin": "administrator",
    "administration": "administrator", "administrative": "administrator", "it": "ict", "infosec": "information security",
    "ddat": "digital data technology", "d&t": "digital technology", "bi": "business intelligence", "dba": "database administrator",
    "hr": "human resource", "ba": "business analyst", "pm": "project manager", "ux": "user experience",
    "ui": "user interface", "gis": "geographic information system", "crm": "customer relationship management",
    "comms": "communication", "centre": "center",
    "organisational": "organizational", "ot": "occupational therapist",
}  # fmt: skip
_JOINING: Final = frozenset(["a", "an", "and", "for", "in", "of", "on", "the", "to", "with", "at"])
_RANK: Final = frozenset(
    re.findall(
        r"\w+",
        "senior junior lead principal head chief director deputy assistant associate trainee apprentice"
        " apprenticeship graduate manager supervisor intern advanced",
    )
)
_WORD: Final = re.compile(r"[a-z0-9]+(?:[+#]+)?|\.net")
_JOINED: Final = re.compile(r"\bco-(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Title:
    """A title read: the words of the job in order, and what else it says."""

    words: tuple[str, ...]
    grades: frozenset[str]
    contract: frozenset[str]


@lru_cache(maxsize=50_000)
def read_title(title: str, away: frozenset[str] = frozenset(), initials: str = "") -> Title:
    """The job that a title names. `away` are words (of its place) that say nothing at its end, `initials` the
    employer's, which say nothing anywhere."""
    text = _JOINED.sub("co", tidy(title).replace("—", "-").replace("–", "-"))
    grades = frozenset(
        level.replace(" ", "") for found in _GRADE.finditer(text) for level in _LEVEL.findall(found[0])
    )
    text = _GRADE.sub(" ", text)
    contract = frozenset(name for name, pattern in _CONTRACT if pattern.search(text))
    for _, pattern in _CONTRACT:
        text = pattern.sub(" ", text)
    words = _spelled(_WORD.findall(_NOISE.sub(" ", text)))
    while len(words) > 1 and words[-1] in away:
        words.pop()
    short = "".join(word[0] for word in words)
    kept = [w for w in words if len(w) < 3 or (w not in short and w != initials)] or words
    return Title(tuple(dict.fromkeys(kept)), grades, contract)


def reference_in(text: str) -> tuple[str | None, str]:
    """The vacancy number that a title as printed names, and the title without it."""
    found = _REFERENCE.search(text)
    if not found:
        return None, text
    left = f"{text[: found.start()]} {text[found.end() :]}"
    return next(filter(None, found.groups())), left.replace("()", "").replace("[]", "").strip(" -–—|:,([")


def _spelled(words: Sequence[str]) -> list[str]:
    long = (_LONGER.get(word, word) for word in words if word not in _JOINING)
    return [singular(word) for words in long for word in words.split()]


def differing(one: Title, other: Title) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that only one of two titles has, misspellings forgiven."""
    mine = [word for word in one.words if word not in other.words]
    theirs = [word for word in other.words if word not in one.words]
    for word in list(mine):
        twin = next((w for w in theirs if _misspelled(word, w)), None)
        if twin:
            mine.remove(word)
            theirs.remove(twin)
    if "".join(mine) == "".join(theirs):
        return (), ()
    return tuple(mine), tuple(theirs)


def against(one: Title, other: Title) -> str | None:
    """What in two titles says that they are different jobs; None where one may be the other, written longer."""
    mine, theirs = differing(one, other)
    if not one.words or not other.words or (mine and theirs):
        return f"the titles differ ({' '.join(mine) or 'nothing'} / {' '.join(theirs) or 'nothing'})"
    rank = _RANK.intersection(mine + theirs)
    if rank:
        return f"only one title says {sorted(rank)[0]}"
    if one.grades and other.grades and not one.grades & other.grades:
        return f"the grades differ ({', '.join(sorted(one.grades))} / {', '.join(sorted(other.grades))})"
    for pair in _OPPOSED:
        said, heard = one.contract & pair, other.contract & pair
        if said and heard and not said & heard:
            return f"one is {min(said)}, the other {min(heard)}"
    return None


def _misspelled(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _LONG_WORD or one[:2] != other[:2]:
        return False
    return Levenshtein.normalized_similarity(one, other) >= _ALIKE and not any(
        c.isdigit() for c in one + other
    )
