"""Names as parts of ids: readable, stable, and never too long for one."""

import hashlib
import re

LONGEST = 120


def slug(name: str) -> str:
    """`Enterprise architect` as `enterprise-architect`. One that is too long is cut short, and told from others that begin so
    by its digest."""
    whole = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if len(whole) <= LONGEST:
        return whole
    return f"{whole[:LONGEST]}-{hashlib.sha256(whole.encode()).hexdigest()[:12]}"
