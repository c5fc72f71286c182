"""docs/threat-model.md names what shows each of its promises; what it names must be there."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
BOUNDARIES: Final = 9


def test_every_test_that_is_named_is_there() -> None:
    """Each file, and each test in it; `::name` alone belongs to the file before it in its cell."""
    named, file = 0, ""
    for path, name in re.findall(r"`(tests/[\w/.]+)?(?:::(\w+))?`", PAGE):
        if not path and not name:
            continue
        file = path or file
        named += 1
        assert (ROOT / file).exists(), file
        if name:
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {name}"
    assert named > 60


def test_every_boundary_says_what_is_done_and_what_is_accepted() -> None:
    """A table by STRIDE with all its letters among them, and what is accepted."""
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    assert len(sections) == BOUNDARIES
    for section in sections:
        rows = re.findall(r"^\| ([STRIDE](?: [STRIDE])*) \|(.*)$", section, re.MULTILINE)
        assert len(rows) >= 4, section[:60]
        assert all(row.count("|") == 3 and "`" in row for _, row in rows), section[:60]
        assert "Accepted:" in section
    letters = {
        letter
        for letters in re.findall(r"^\| ([STRIDE ]+) \|", PAGE, re.MULTILINE)
        for letter in letters.split()
    }
    assert letters == set("STRIDE")
