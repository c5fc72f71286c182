"""Values: whether a listed value keeps another schema's rules. Pure."""

import json
import re
from typing import Any

from loti_contracts.evolution.cases import Case
from loti_contracts.evolution.schema import canonical


def takes(value: str, case: Case, other: Case) -> bool:
    if not other.beyond <= case.beyond:
        return False
    if other.values is not None:
        return value in other.values
    return all(_keeps(name, rule, json.loads(value), case) for name, rule in other.rules.items())


def _keeps(name: str, rule: Any, value: Any, case: Case) -> bool:
    """Whether a listed value keeps a rule; a rule that is not looked into must be the writer's own as well."""
    match name, value:
        case ("minLength", str()):
            return bool(len(value) >= rule)
        case ("maxLength", str()):
            return bool(len(value) <= rule)
        case ("pattern", str()):
            try:
                return re.search(rule, value) is not None
            except re.error:
                return canonical(case.rules.get(name)) == canonical(rule)
        case ("minimum", int() | float()):
            return bool(value >= rule)
        case ("maximum", int() | float()):
            return bool(value <= rule)
        case ("exclusiveMinimum", int() | float()):
            return bool(value > rule)
        case ("exclusiveMaximum", int() | float()):
            return bool(value < rule)
    return name in case.rules and canonical(case.rules[name]) == canonical(rule)
