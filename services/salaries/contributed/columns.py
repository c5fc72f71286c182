"""The columns of an upload: what may be told, and what must not be."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from services.salaries.contributed.complaints import Complaint, UploadRefused
from services.salaries.contributed.csv_text import Line

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "post": "a reference that is different on every line, such as 1, 2, 3; it is not stored",
        "standard_role": "the standard role, such as Data engineer; or leave it empty and give job_title",
        "job_title": "the job title, read as a standard role where standard_role is empty; it is not stored",
        "level": "trainee, associate, practitioner, senior, lead, principal, head or chief; empty where not known",
        "salary": "pounds a year, full-time equivalent, without extras, such as 52413 or £52,413.00",
        "actual_salary": "pounds a year as paid for part-time hours, where salary is empty; takes fte or hours",
        "fte": "the share of full time, more than 0 and at most 1, such as 0.6; takes effect on actual_salary alone",
        "hours": "hours a week, where fte is empty; full time is 36 hours (the London week)",
        "posts": "how many posts the line stands for, where they are paid alike; empty is 1",
    }
)
"""Every column, and what goes into it. `post`, a role and a salary are needed."""

_PASSED_OVER: Final = frozenset({"grade", "scp", "spinal_column_point", "pay_grade", "spine_point"})
"""What payroll reports often have and nobody needs here. It is not read."""

_ALSO_CALLED: Final = {
    "role": "standard_role",
    "role_name": "standard_role",
    "standard_role_name": "standard_role",
    "title": "job_title",
    "post_title": "job_title",
    "post_id": "post",
    "post_reference": "post",
    "post_ref": "post",
    "row": "post",
    "fte_salary": "salary",
    "salary_fte": "salary",
    "annual_salary": "salary",
    "annual_fte_salary": "salary",
    "fte_share": "fte",
    "hours_per_week": "hours",
    "weekly_hours": "hours",
    "number_of_posts": "posts",
    "count": "posts",
}

_PERSONAL: Final = re.compile(
    r"(^|_)((sur|fore|first|last|middle|given|family|maiden|full|known|employee|staff|preferred)_?names?|names?|"
    r"ni(_?n(o|umber|um|i)?)?|nino|national_insurance.*|date_of_birth|birth.*|dob|age|gender|sex|ethnic.*|race|religion|"
    r"disab.*|nationality|marital.*|address.*|postcode|post_code|e_?mail.*|(tele|mobile_?)?phone.*|mobile|"
    r"(employee|staff|payroll|person|personnel|assignment)_?(id|number|no|num|ref|reference)|bank.*|sort_code|"
    r"account.*|iban|tax_code|signature|photo)($|_)"
)


def read_header(header: Line) -> list[str | None]:
    """For each cell of the header the column that it names, None where it is passed over.

    Raises UploadRefused where a column is personal, unknown, doubled or missing; a personal one is the only complaint.
    """
    cells = header.cells
    while cells and not cells[-1]:
        cells = cells[:-1]
    plain = [_plain(cell) for cell in cells]
    personal = [cell for cell, name in zip(cells, plain, strict=True) if _personal(name)]
    if personal:
        raise UploadRefused([Complaint(header.number, cell, None, _WHY_PERSONAL) for cell in personal])
    complaints: list[Complaint] = []
    columns: list[str | None] = []
    for cell, name in zip(cells, plain, strict=True):
        column = _ALSO_CALLED.get(name, name)
        columns.append(None if column in _PASSED_OVER else column)
        if column in columns[:-1] and column in COLUMNS:
            complaints.append(
                Complaint(header.number, cell or "without a name", None, f"{column} is there twice")
            )
        elif column not in COLUMNS and column not in _PASSED_OVER:
            complaints.append(
                Complaint(
                    header.number,
                    cell or "without a name",
                    None,
                    f"not known; there are {', '.join(COLUMNS)}",
                )
            )
    complaints.extend(_missing(columns, header.number))
    if complaints:
        raise UploadRefused(complaints)
    return columns


_WHY_PERSONAL: Final = (
    "this is personal data, which pay benchmarks neither need nor may have; delete the column and try again."
    " Nothing of the file was stored"
)


def _missing(columns: Sequence[str | None], line: int) -> list[Complaint]:
    needed = (("post",), ("standard_role", "job_title"), ("salary", "actual_salary"))
    return [
        Complaint(line, None, None, f"the column {' or '.join(names)} is missing from the header")
        for names in needed
        if not any(name in columns for name in names)
    ]


def _personal(name: str) -> bool:
    return name not in COLUMNS and name not in _ALSO_CALLED and _PERSONAL.search(name) is not None


def _plain(cell: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cell)
    return re.sub(r"[^a-z0-9]+", "_", spaced.casefold()).strip("_")
