"""The file that boroughs fill in."""

from services.salaries.contributed.columns import COLUMNS

_EXAMPLES = (
    ("example 1", "Data engineer", "", "senior", "52413", "", "", "", ""),
    ("example 2", "", "Lead business analyst", "", "", "35760.60", "0.6", "", ""),
    ("example 3", "Service designer", "", "practitioner", "£45,117.00", "", "", "", "2"),
)


def template() -> str:
    """CSV: the columns, and three examples, which an import passes over."""
    rows = (tuple(COLUMNS), *_EXAMPLES)
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\r\n" for row in rows)


def explanation() -> str:
    """What goes into each column, a line each."""
    return "\n".join(f"{name:14} {what}" for name, what in COLUMNS.items())
