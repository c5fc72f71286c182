"""What the dashboard and the alert rules ask Prometheus for: of each metric, which labels they count on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import promql_parser as promql
import yaml

from deploy.observability.board import ROWS
from deploy.observability.files import ALERTS

OF_THE_TARGET = {"job", "instance", "service"}
"""Labels that whoever scrapes gives, if the metric has none of its own."""


@dataclass(frozen=True)
class Asked:
    """A metric; the labels that it is told apart by; and what some of them must be or match."""

    where: str
    metric: str
    labels: frozenset[str] = frozenset()
    values: tuple[tuple[str, str], ...] = ()


def rules() -> list[dict[str, Any]]:
    """The alert rules, as they stand in the file."""
    read = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def queries() -> dict[str, str]:
    """Every query by where it stands; what Grafana puts into one, put in."""
    found = {f"alert {rule['alert']}": rule["expr"] for rule in rules()}
    for row in ROWS:
        for panel in row.panels:
            for n, line in enumerate(panel.lines):
                text = line.expr.replace("$__rate_interval", "5m").replace("$service", ".+")
                found[f"dashboard {row.title} / {panel.title} / {n}"] = text
    return found


def asked() -> list[Asked]:
    """All that is asked for. Raises ValueError where a query is no PromQL."""
    return [one for where, query in queries().items() for one in _asked(where, promql.parse(query))]


def _asked(where: str, node: Any, by: frozenset[str] = frozenset()) -> Iterator[Asked]:
    match node:
        case promql.VectorSelector():
            matchers = node.matchers.matchers
            names = {one.name for one in matchers}
            wanted = (promql.MatchOp.Equal, promql.MatchOp.Re)
            values = tuple((one.name, one.value) for one in matchers if one.op in wanted)
            yield Asked(where, str(node.name), by | names, values)
        case promql.MatrixSelector():
            yield from _asked(where, node.vector_selector, by)
        case promql.AggregateExpr():
            grouped = node.modifier.labels if node.modifier else []
            yield from _asked(where, node.expr, by | set(grouped))
        case promql.Call():
            for argument in node.args:
                yield from _asked(where, argument, by)
        case promql.BinaryExpr():
            for side in (node.lhs, node.rhs):
                yield from _asked(where, side, by)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from _asked(where, node.expr, by)
        case promql.NumberLiteral() | promql.StringLiteral():
            pass
        case _:
            raise ValueError(f"{where}: {type(node).__name__} is not understood here")
