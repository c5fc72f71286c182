"""The headings of adverts, and which part of a job description stands under each. Pure."""

import re
from typing import Final, Literal

Section = Literal["about", "do", "bring", "offer"]

TITLES: Final[dict[Section, str]] = {
    "about": "About the role",
    "do": "What you will do",
    "bring": "What you bring",
    "offer": "What we offer",
}
"""The sections of a draft, in their order."""

_HEADINGS: Final[dict[Section | None, str]] = {
    "about": "about the (?:role|job|post|position|opportunity|team)|the (?:role|job|post|opportunity|team)|"
    "(?:job|role|main|overall) (?:purpose|summary|overview|description)|purpose(?: of the (?:job|role|post))?|overview|"
    "introduction|summary",
    "do": "what (?:you(?:['’]ll| will) (?:be doing|do)|the (?:job|role) involves|you will be responsible for)|"
    "(?:key |main |your |the )?(?:duties|responsibilities|accountabilities|tasks)(?: and responsibilities)?|"
    "(?:the )?day[- ]to[- ]day|your day to day|in this role,? you will|you will|main activities|key tasks",
    "bring": "about you|what (?:you(?:['’]ll| will)? (?:bring|need)|we(?:['’]re| are) looking for|you['’]ll need)|"
    "(?:who )?we are looking for|person specification|(?:essential|desirable)(?: criteria| skills)?|"
    "(?:your )?(?:skills|knowledge|experience|qualifications)(?:,? (?:and |& )?(?:skills|knowledge|experience|abilities|"
    "qualifications))*|requirements|the (?:ideal|successful) candidate|who you are|skills we need",
    "offer": "what we (?:offer|can offer you)|(?:our |the |your )?benefits|why (?:join|work (?:for|with)) us|"
    "(?:rewards?|terms) and (?:benefits|conditions)|what['’]s in it for you|what you['’]ll get",
    None: "how to apply|about us|about the (?:council|employer|borough|organisation)|additional information|"
    "our (?:commitment|values)|equal(?:ity|ities)(?: and diversity| statement)?|safeguarding|interview dates?|"
    "contact(?: details| us)?|key dates|the small print|diversity and inclusion",
}
"""None: what stands under it is about the employer or about applying."""

_ALONE = {
    section: re.compile(rf"(?:{words})\s*[:?.–-]*", re.IGNORECASE) for section, words in _HEADINGS.items()
}


def _capital(words: str) -> str:
    """The same, its first letter a capital: in the middle of a text a heading shows by nothing else."""
    return f"(?=[A-Z])(?i:{words})"


_INSIDE = re.compile(
    r"(?:^|(?<=[.!?:;•)\w])\s+)(?P<heading>"
    + "|".join(_capital(words) for words in _HEADINGS.values())
    + r")(?:\s*[:?]\s*|\s*[–-]\s+|\s+(?=(?:[A-Z][a-z]+|You|We|•)\b(?!\s*[:?])))"
)
_TWO_WORDS = re.compile(r"\w+[\s-]\w+")


def section_of_heading(line: str) -> tuple[bool, Section | None]:
    """Whether a line is a heading, and of which section."""
    for section, pattern in _ALONE.items():
        if pattern.fullmatch(line.strip(" *#•")):
            return True, section
    return False, None


def split_at_headings(text: str) -> list[str]:
    """Text in one line, split so that every heading within it is a piece of its own. A heading of one word needs a colon:
    `Skills` may also begin a sentence."""
    pieces: list[str] = []
    start = 0
    for found in _INSIDE.finditer(text):
        heading = found["heading"]
        if not _TWO_WORDS.search(heading) and ":" not in found[0]:
            continue
        if re.fullmatch(r"(?i)(?:in this role,? )?you will", heading) and ":" not in found[0]:
            continue
        pieces += [text[start : found.start("heading")], heading]
        start = found.end()
    return [piece.strip() for piece in [*pieces, text[start:]] if piece.strip()]
