"""Which part of a job description a line belongs to, by how it is worded. Pure."""

import re
from typing import Final

from services.library.assembling.beginnings import GERUNDS, VERBS
from services.library.assembling.headings import Section

_CUES: Final[tuple[tuple[Section, "re.Pattern[str]"], ...]] = (
    (
        "offer",
        re.compile(
            r"\b(?:we (?:offer|provide|give)|annual leave|pension|season ticket|cycle to work|hybrid working|flexible working|"
            r"flexible, hybrid|hybrid and flexible|flexible and hybrid|work(?:ing)? from home|allowance is paid|"
            r"paid an allowance|discounts?|days['’]? (?:of )?leave|staff benefits|bank holidays|from home)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "bring",
        re.compile(
            r"^(?:(?:a |an |some |the )?(?:good |strong |excellent |proven |demonstrable |substantial |relevant |in-depth |"
            r"sound |working |solid |significant |clear |thorough )*"
            r"(?:experience|knowledge|understanding|ability|skills?|able|awareness|familiarity|expertise|confident|"
            r"competent|proficien\w+|track record|degree|portfolio|willingness|evidence|background|qualification|"
            r"communicator|facilitator|sql|python|skilled|experienced|calm)\b)|"
            r"^(?:strong|excellent|proven|good)\b|^you (?:have|are|can|know|understand|write|stay|use|facilitate|automate)\b|"
            r"\b(?:experience (?:of|in|with)|knowledge of|understanding of|ability to|certificat\w+|qualified)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "do",
        re.compile(
            r"^you(?:['’]ll| will)(?! (?:get|receive|be paid|be one of|be part of|join|need|have|bring))\b|"
            r"\b(?:responsible for|the post ?holder will|your (?:role|job) is to)\b",
            re.IGNORECASE,
        ),
    ),
    ("about", re.compile(r"^(?:you will (?:join|be one of|be part of)|join|this (?:role|post|job)|the (?:role|post|job))\b", re.IGNORECASE)),
)  # fmt: skip
_NEED = re.compile(r"^you(?:['’]ll| will) (?:need|have|bring)\b", re.IGNORECASE)
_GET = re.compile(r"^you(?:['’]ll| will) (?:get|receive|be paid)\b", re.IGNORECASE)


def section_of(line: str, *, under: Section | None) -> Section:
    """The section of a line; `under` is that of the heading above it, None where there is none. A heading is believed,
    but for pensions and leave, which adverts add under any."""
    first = next((section for section, cue in _CUES if cue.search(line)), None)
    if under in ("do", "bring", "offer"):
        return "offer" if first == "offer" and not line.lower().startswith("you ") else under
    if _NEED.search(line):
        return "bring"
    if _GET.search(line):
        return "offer"
    if first is not None:
        return first
    if under is None and _begins_with_a_verb(line):
        return "do"
    return "about"


def _begins_with_a_verb(line: str) -> bool:
    first = line.split()[0].strip(",.:;") if line.split() else ""
    return first in VERBS or first in GERUNDS or (first.endswith("ly") and len(first) > 5)
