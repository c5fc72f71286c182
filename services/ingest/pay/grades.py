"""The grade as the advertiser writes it: "PO3", "Grade 12", "Band 7", "Scale 6 - PO3"."""

import re
from typing import Final

_CODE: Final = r"(?:[A-Z]{1,4}\s?[0-9]{1,2}[A-Za-z]?|[0-9]{1,2}[A-Za-z]?|[A-Z]{1,2})"
_NAMED: Final = re.compile(
    r"\b((?:pay\s|salary\s)?(?:grade|band|scaled?|level|range)s?)\b(\s?[:;]|\s?-(?=\s?[A-Z]{0,3}[0-9]))?\s?"
    rf"((?-i:{_CODE})(?![A-Za-z0-9,.]*[0-9])"
    r"(?:\s?(?:[-/]|to)\s?(?-i:(?:[A-Z]{1,3}\s?)?[0-9]{1,2}|[A-Z]))?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LONDON: Final = re.compile(
    r"\b(?:PO|P0|SO|SMG|SM|MG|ME|CO|HB|LS|LSMR|BB|BR|GAT|PPS|RTS)\s?[0-9]{1,2}\b"
    r"(?:\s?[-/]\s?(?:PO|SO|P0|SM|ME)?\s?[0-9]{1,2}\b(?![,.][0-9]))?"
)
_TEACHER: Final = re.compile(r"\b(?:MPS|UPS|MPR|UPR|MPS/UPS|L[0-9]{1,2}(?:\s?-\s?L?[0-9]{1,2})?)\b")


def grade_in(text: str) -> str | None:
    """The first grade, band or scale a tidied text names, spelt as it is there; None where it names none.

    "Grade: PO5" is PO5 and "Grade: 4" is Grade 4: the colon is the form's, not the grade's.
    """
    found = [match for pattern in (_NAMED, _LONDON, _TEACHER) if (match := pattern.search(text))]
    if not found:
        return None
    first = min(found, key=lambda match: match.start())
    if first.re is not _NAMED or not first[2]:
        return first.group().strip()
    code = first[3]
    return code if code[:2].isalpha() else f"{first[1]} {code}"
