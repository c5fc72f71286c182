"""The columns of a structure's file, and how a header names them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from loti_contracts.structures.faults import Fault, StructureRefused
from loti_contracts.vocabulary import LEVELS

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "what reports_to points at, such as 1; without it the number of the line",
        "title": "the title of the post, never the name of a person; needed",
        "reports_to": "the id (or the title) of the post that it reports to; empty at the top",
        "standard_role": "the standard role, such as Data engineer; empty where none fits",
        "level": f"{', '.join(LEVELS[:-1])} or {LEVELS[-1]}; empty where not known",
        "count": "how many posts alike the line stands for, vacant ones too; empty is 1",
        "vacant": "how many of them are vacant; empty is 0",
        "team": "the team that it belongs to; may be empty",
    }
)
"""Every column, and what goes into it."""

TEMPLATE: Final = """\
id,title,reports_to,standard_role,level,count,vacant,team
1,Head of Digital,,,head,1,0,
2,Lead Developer,1,Software developer,lead,1,0,Delivery
3,Developer,2,Software developer,practitioner,4,1,Delivery
4,Data Analyst,1,Data analyst,practitioner,2,0,Data
"""
"""A small structure to start from."""

_ALSO_CALLED: Final = {
    "post_id": "id",
    "ref": "id",
    "reference": "id",
    "post": "title",
    "post_title": "title",
    "job_title": "title",
    "manager": "reports_to",
    "parent": "reports_to",
    "role": "standard_role",
    "posts": "count",
    "number_of_posts": "count",
    "vacancies": "vacant",
    "grade_level": "level",
}

_PERSONAL: Final = frozenset(
    {
        "name",
        "names",
        "full_name",
        "first_name",
        "last_name",
        "surname",
        "forename",
        "postholder",
        "post_holder",
        "employee",
        "employee_name",
        "employee_number",
        "payroll_number",
        "email",
        "e_mail",
        "email_address",
        "phone",
        "telephone",
        "mobile",
        "salary",
    }
)


def read_header(line: int, header: Sequence[str]) -> list[str]:
    """The column that each cell of the header names. Raises StructureRefused where one is unknown, personal, doubled or
    missing."""
    cells = list(header)
    while cells and not cells[-1]:
        cells.pop()
    plain = ["_".join(cell.lower().replace("-", " ").split()) for cell in cells]
    columns = [_ALSO_CALLED.get(name, name) for name in plain]
    known = ", ".join(COLUMNS)
    faults = [
        Fault(line, cell or "without a name", _why_not(column, known))
        for cell, column in zip(cells, columns, strict=True)
        if column not in COLUMNS
    ]
    faults += [Fault(line, column, "it is there twice") for column in COLUMNS if columns.count(column) > 1]
    if "title" not in columns:
        faults.append(Fault(line, "title", f"it is missing; the first line is {','.join(COLUMNS)}"))
    if faults:
        raise StructureRefused(faults)
    return columns


def _why_not(column: str, known: str) -> str:
    if column in _PERSONAL:
        return "the library shows posts, not people; take this column out"
    return f"there is no such column; take it out, or name it one of {known}"
