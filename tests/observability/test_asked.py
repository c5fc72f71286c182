"""The dashboard and the alert rules: what they ask for is there."""

import json
from itertools import combinations
from typing import Any

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from typer.testing import CliRunner

import loti_contracts.delivery.metrics
import services.ingest.metrics
import services.notify.metrics
import services.salaries.metrics
import services.webhooks.metrics
from deploy.observability import commands, files
from deploy.observability.board import talent_exchange
from tests.observability.asked import asked, queries, rules
from tests.observability.shown import unknown

MODULES = (
    loti_contracts.delivery.metrics,
    services.ingest.metrics,
    services.notify.metrics,
    services.salaries.metrics,
    services.webhooks.metrics,
)
_PERSONAL = {"contact", "contact_id", "email", "name", "role_id", "id", "event_id", "mail_id", "address"}


def known() -> dict[str, frozenset[str]]:
    """The labels of every metric that a service can show, by the name under which it is shown."""
    found: dict[str, frozenset[str]] = {}
    for module in MODULES:
        for metric in vars(module).values():
            if isinstance(metric, Counter | Gauge | Histogram):
                name, labels = metric._name, frozenset(metric._labelnames)
                found |= {name: labels, f"{name}_total": labels, f"{name}_bucket": labels | {"le"}}
    found |= {sample.name: frozenset() for family in REGISTRY.collect() for sample in family.samples if sample.name.startswith("process_")}  # fmt: skip
    return found


def test_every_query_is_promql_and_asks_for_what_there_is() -> None:
    """Each parses, and each metric in it exists under that name and with those labels (`test_walks` looks at a running
    system); a query of a metric that was renamed, or of a label that it has not, is found."""
    there = known()
    assert unknown(asked(), there) == []
    assert {one.metric for one in asked()} > {"loti_polls_total", "loti_mails_total", "loti_posting_to_mail_seconds_bucket"}  # fmt: skip
    renamed = {name: labels for name, labels in there.items() if name != "loti_polls_total"}
    assert {one.metric for one in unknown(asked(), renamed)} == {"loti_polls_total"}
    unlabelled = there | {"loti_consumer_lag": frozenset()}
    assert not unknown(asked(), unlabelled), "the target has the service"
    assert unknown(asked(), there | {"loti_roles_said_total": frozenset({"source"})})


def test_no_label_says_who() -> None:
    """Labels are names of services, topics, boards, kinds and outcomes."""
    assert not {label for labels in known().values() for label in labels} & _PERSONAL


def test_what_is_counted_is_asked_for() -> None:
    """Every metric of ours is on the dashboard or in an alert; what nobody looks at is not worth counting."""
    asked_for = {one.metric for one in asked()}
    names = {name for name in known() if name.startswith("loti_")}
    heads = {name for name in names if not name.endswith(("_total", "_bucket"))}
    unseen = {name for name in heads if not asked_for & {name, f"{name}_total", f"{name}_bucket"}}
    assert unseen == {
        "loti_events_skipped",  # of types that a service does not handle: a fact of the contract
        "loti_events_parked",  # what matters is what is set aside still
        "loti_events_replayed",
        "loti_last_published_time_seconds",
    }


def test_the_files_are_what_is_made() -> None:
    """The dashboard and the configurations that are committed are the ones that `loti observability write` makes."""
    for name, text in files.files().items():
        assert (files.FOLDER / name).read_text(encoding="utf-8") == text, (
            f"run `loti observability write`: {name}"
        )


def test_the_dashboard_can_be_imported() -> None:
    """Numbers are given once, no panel lies over another or beside the screen, and each says what it shows."""
    panels = talent_exchange()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for one, other in combinations(panels, 2):
        assert not _overlap(one["gridPos"], other["gridPos"]), (one["title"], other["title"])
    for panel in panels:
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
        assert panel["type"] == "row" or (panel["description"] and panel["targets"])
    assert json.loads(json.dumps(talent_exchange())) == talent_exchange()


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(one[at] < other[at] + other[size] and other[at] < one[at] + one[size] for at, size in (("x", "w"), ("y", "h")))  # fmt: skip


def test_each_alert_says_what_it_is() -> None:
    """Whom it wakes, in words, and where its runbook is."""
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook_url"] == f"docs/runbooks.md#{rule['alert'].lower()}"
    assert len(queries()) > 60


def test_a_folder_that_is_none_is_refused(tmp_path: Any) -> None:
    """`loti observability prometheus` on a folder where nothing runs: what is wrong, and what to give."""
    said = CliRunner().invoke(commands.app, ["prometheus", "--data", str(tmp_path)])
    assert said.exit_code == 2
    assert "give it with --data" in said.output


def test_what_runs_here_is_watched(tmp_path: Any) -> None:
    """The printed configuration names every service with its own port, and the rules by their whole path."""
    for name in files.IN_COMPOSE:
        (tmp_path / f"{name}-port").write_text("8031")
    said = CliRunner().invoke(commands.app, ["prometheus", "--data", str(tmp_path)])
    assert said.exit_code == 0
    assert said.output.count("127.0.0.1:8031") == 7
    assert str(files.ALERTS) in said.output
