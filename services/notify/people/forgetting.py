"""Forgetting: what was written of an introduction, taken out of what has to stay. Pure."""

import json


def without_note(state: str) -> str:
    """An outcome (JSON) without its note."""
    return json.dumps(json.loads(state) | {"note": None}, ensure_ascii=False)
