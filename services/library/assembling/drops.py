"""What belongs to one advert and not to the job: pay, dates, how to apply, checks, what an employer says of itself. Pure."""

import re
from collections.abc import Iterable

_DROPS = re.compile(
    r"£\s?\d|\b(?:salar(?:y|ies)|per annum|p\.?a\.|pro[- ]rata|spinal column|scp ?\d+|grade:? |po ?\d{1,2}\b|scale \d|"
    r"so ?[12]\b|band \d)|"
    r"\bclos(?:es|ing) (?:date|on|at)|\bdeadline for|\binterviews?\b.*\b(?:week|held|date|on|take place)|"
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:noon|midnight)\b|"
    r"\bhow to apply\b|\bapply (?:now|online|today|by|via|through)\b|\bto apply\b|\bapplications? (?:form|must|should|will|close)|"
    r"\bcv\b|\bsupporting statement|\bcovering letter|\binformal (?:chat|discussion|conversation)|\bplease contact|"
    r"\bfor (?:more|further) (?:information|details)|@|https?://|www\.|\b0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}\b|"
    r"\bdbs\b|disclosure and barring|right to work|\breferences\b|\bsafeguarding (?:children|and promoting)|"
    r"committed to safeguarding|criminal record|\bsponsorship\b|politically restricted|"
    r"equal(?:ity)? (?:of )?opportunit|equal opportunities|disability confident|welcomes? applications|"
    r"guarantee[sd]? (?:an )?interviews?|\bplace for everyone|protected characteristic|\binclusive employer|"
    r"\brequired:|\bstart date|\bjob ref|\bhours(?: per week| a week|:)|\b(?:contract|location|hours|salary):|"
    r"fixed[- ]term|maternity cover|\bmonths? (?:contract|secondment)",
    re.IGNORECASE,
)
_OF_THE_NAME = re.compile(
    r"^(?:the )?(?:royal borough of|london borough of|lb|rb)\s+|\s+(?:borough |city )?council$|"
    r"\s+corporation$|\s+(?:nhs )?(?:foundation )?trust$|^(?:the )?mayor and burgesses of\s+",
    re.IGNORECASE,
)

EMPLOYER = "[the employer]"
"""Stands where the name of an employer stood."""


def dropped(line: str) -> bool:
    """Whether a line is about this advert alone: pay, dates, applying, checks, or the employer's promises about itself."""
    return _DROPS.search(line) is not None


def nameless(line: str, names: Iterable[str]) -> str:
    """The line with EMPLOYER for every name of the employer, in full or without its `London Borough of`."""
    forms = {form for name in names for form in _forms(name)}
    if not forms:
        return line
    named = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    around = (
        r"(?:\b[Tt]he )?(?:\b(?:London|Royal) Borough of |\bCity of |\b(?:LB|RB) )?\b(?:"
        + named
        + r")\b(?: (?:Borough |City )?Council| Corporation)?"
    )
    return re.sub(rf"({EMPLOYER_PATTERN})(?: {EMPLOYER_PATTERN})+", r"\1", re.sub(around, EMPLOYER, line))


EMPLOYER_PATTERN = re.escape(EMPLOYER)


def _forms(name: str) -> list[str]:
    full = " ".join(name.split())
    short = full
    for _ in range(3):
        short = _OF_THE_NAME.sub("", short).strip()
    return [form for form in (full, short) if len(form) >= 3]
