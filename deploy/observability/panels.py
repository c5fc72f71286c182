"""Panels: what a dashboard is made of, and the JSON that Grafana reads. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Unit = Literal["short", "s", "reqps", "bytes", "percentunit", "none"]
_WIDTH: Final = 24
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_MADE_FOR: Final = 39  # Grafana's dashboard schema: 10.2 and newer read it


@dataclass(frozen=True, slots=True)
class Line:
    """A query, and what its lines are called: `{{service}}`."""

    expr: str
    named: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture. `red_from`: one number is shown in its place, red from there; `width` of 24."""

    title: str
    says: str
    lines: tuple[Line, ...]
    unit: Unit = "short"
    width: int = 8
    red_from: float | None = None

    @property
    def height(self) -> int:
        """In Grafana's rows."""
        return 8 if self.red_from is None else 4


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading."""

    title: str
    panels: tuple[Panel, ...]


def dashboard(title: str, uid: str, rows: Sequence[Row]) -> dict[str, Any]:
    """What Grafana imports. `$service` in a query is what the viewer chose."""
    return {
        "uid": uid,
        "title": title,
        "tags": ["loti"],
        "schemaVersion": _MADE_FOR,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "editable": True,
        "graphTooltip": 1,
        "templating": {"list": [_source_variable(), _service_variable()]},
        "annotations": {"list": [_alerts()]},
        "panels": [{"id": number, **panel} for number, panel in enumerate(_placed(rows), start=1)],
    }


def _placed(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Panels from left to right, a new line where one does not fit."""
    y = 0
    for row in rows:
        yield {
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"h": 1, "w": _WIDTH, "x": 0, "y": y},
        }
        y += 1
        x = tallest = 0
        for panel in row.panels:
            if x + panel.width > _WIDTH:
                x, y, tallest = 0, y + tallest, 0
            yield _panel(panel) | {"gridPos": {"h": panel.height, "w": panel.width, "x": x, "y": y}}
            x, tallest = x + panel.width, max(tallest, panel.height)
        y += tallest


def _panel(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red_from is not None:
        steps.append({"color": "red", "value": panel.red_from})
    alone = panel.red_from is not None
    return {
        "type": "stat" if alone else "timeseries",
        "title": panel.title,
        "description": panel.says,
        "datasource": _SOURCE,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "thresholds": {"mode": "absolute", "steps": steps},
                "custom": {} if alone else {"fillOpacity": 8, "lineWidth": 1, "showPoints": "never"},
            },
            "overrides": [],
        },
        "options": _AS_A_NUMBER if alone else _AS_LINES,
        "targets": [
            {
                "refId": chr(ord("A") + n),
                "datasource": _SOURCE,
                "expr": line.expr,
                "legendFormat": line.named or "__auto",
                "range": not alone,
                "instant": alone,
            }
            for n, line in enumerate(panel.lines)
        ],
    }


_AS_A_NUMBER: Final = {
    "colorMode": "background",
    "graphMode": "none",
    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
}
_AS_LINES: Final = {
    "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
    "tooltip": {"mode": "multi", "sort": "desc"},
}


def _source_variable() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _service_variable() -> dict[str, Any]:
    asked = "label_values(loti_healthy, service)"
    return {
        "name": "service",
        "label": "Service",
        "type": "query",
        "datasource": _SOURCE,
        "definition": asked,
        "query": {"query": asked, "refId": "service"},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".+",
        "current": {"text": "All", "value": "$__all"},
    }


def _alerts() -> dict[str, Any]:
    return {
        "name": "Alerts",
        "datasource": _SOURCE,
        "enable": True,
        "iconColor": "red",
        "expr": 'ALERTS{alertstate="firing", job=~"loti|"}',
        "titleFormat": "{{alertname}} {{service}}",
    }
