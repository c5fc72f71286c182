"""A spreadsheet of supporters to begin with: every column, and an example of each kind."""

import csv
import io
from collections.abc import Mapping, Sequence

from services.matching.supporter_cells import COLUMNS

_EXAMPLES: Sequence[Mapping[str, str]] = (
    {
        "id": "recruiter-okafor",
        "kind": "recruiter",
        "name": "Ada Okafor",
        "email": "ada@okafor-hiring.example",
        "organisation": "Okafor Hiring",
        "roles": "Data engineer; Data analyst",
        "families": "Data",
        "capacity": "2",
        "available": "2026-12-01..2027-03-31=3; 2027-05-01..",
        "not_for": "Barnet",
        "prefers_boroughs": "Camden; Hackney",
        "evidence": "roles filled in 2025: 12/15",
    },
    {
        "id": "mentor-rossi",
        "kind": "mentor",
        "name": "Marco Rossi",
        "email": "marco.rossi@southwark.example",
        "organisation": "London Borough of Southwark",
        "own_borough": "Southwark",
        "roles": "Service designer",
        "level": "lead",
        "languages": "Italian",
    },
    {
        "id": "university-example",
        "kind": "university",
        "name": "Research Partnerships Desk",
        "email": "partnerships@university.example",
        "organisation": "A London university",
        "offers": "placement; secondment; advice",
        "families": "Data",
        "capacity": "4",
        "departments": "Statistics [3]: survey design, Bayesian methods; Geography",
    },
    {
        "id": "training-example",
        "kind": "training",
        "name": "Apprenticeships Desk",
        "email": "apprenticeships@training.example",
        "organisation": "A training provider",
        "capacity": "20",
        "standards": "ST0118; ST0795",
        "ratings": "employers: 3.5/4 of 40",
    },
)


def template() -> str:
    """The header and the examples, as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(_EXAMPLES)
    return out.getvalue()
