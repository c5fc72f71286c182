"""The next version of the services: a copy with a new optional field, a new event and a new migration each.

That is what a version may bring without a new contract. Its replicas run beside those of this version, and go again.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

_TABLES = {
    "ingest": "roles",
    "salaries": "benchmarks",
    "matching": "matches",
    "notify": "notification",
    "library": "items",
    "portal": "role",
    "webhooks": "endpoints",
}
"""A table of each service, which gets a column."""

_CHANGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "contracts/loti_contracts/events/roles.py": (
        ("    found_at: Moment\n", "    found_at: Moment\n    days_at_home: int = 3\n"),
        (
            "class RoleChanged(",
            "class RoleNoted(_AboutRole):\n"
            '    """The next version noted a role, as it is."""\n\n'
            '    type: ClassVar[str] = "london.loti.role.noted.v1"\n\n\n'
            "class RoleChanged(",
        ),
    ),
    "contracts/loti_contracts/events/catalogue.py": (
        ("import RoleChanged, ", "import RoleChanged, RoleNoted, "),
        ("    RoleDiscovered,\n", "    RoleNoted,\n    RoleDiscovered,\n"),
    ),
    "services/ingest/announcing.py": (
        (
            "await outbox.add(tx, *concluded.said), strict=True",
            "(await outbox.add(tx, *[one for event in concluded.said for one in (event, RoleNoted(role=event.role))]))[::2], "
            "strict=True",
        ),
        (
            "from services.ingest import metrics",
            "from loti_contracts.events.roles import RoleNoted\nfrom services.ingest import metrics",
        ),
    ),
}


def make_next_version(folder: Path) -> Path:
    """The next version's tree, made in `folder`. Raises ValueError where the present one no longer has what is changed."""
    tree = folder / "next-version"
    shutil.copytree(ROOT / "services", tree / "services")
    shutil.copytree(ROOT / "contracts" / "loti_contracts", tree / "contracts" / "loti_contracts")
    for name, changes in _CHANGES.items():
        text = (tree / name).read_text(encoding="utf-8")
        for was, becomes in changes:
            if was not in text:
                raise ValueError(
                    f"{name} no longer has {was!r}; say in {Path(__file__).name} what is changed instead"
                )
            text = text.replace(was, becomes, 1)
        (tree / name).write_text(text, encoding="utf-8")
    for service, table in _TABLES.items():
        file = tree / "services" / service / "migrations" / "9001_next_version.sql"
        file.write_text(f"ALTER TABLE {table} ADD COLUMN since_version text NOT NULL DEFAULT 'next';\n")
    return tree


def running(tree: Path) -> Mapping[str, str]:
    """The environment in which Python runs that tree's services, and not this one's."""
    return {"PYTHONPATH": os.pathsep.join([str(tree / "contracts"), str(tree)]), "PYTHONSAFEPATH": "1"}
