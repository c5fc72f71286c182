"""When each alert speaks and when it is silent: what Prometheus saw, minute by minute, and what is said then.

Values are in promtool's own notation: `0x30` is 0 thirty-one times, `0+5x30` rises by 5 a minute, `_` is a scrape without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Series = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """`speaks` at `at` with `labels` and the words `says`; never on `silent`."""

    alert: str
    speaks: Series
    says: str
    silent: Series
    labels: Mapping[str, str] = field(default_factory=dict)
    at: str = "30m"
    every: str = "1m"
    """How often the rules are looked at: that is what a long case costs."""


def of(service: str) -> str:
    """The target's labels."""
    return f'job="loti", service="{service}", instance="{service}:8080"'


def _up(*services: str) -> dict[str, str]:
    return {f"up{{{of(service)}}}": "1x60" for service in services}


NOTIFY = {"service": "notify"}
ALL = ("ingest", "salaries", "matching", "notify", "library", "portal", "webhooks")
MAILS = "loti_mails_total{" + of("notify") + ', kind="digest", outcome="%s"}'


def _buckets(metric: str, more: str, slow: str, quick: str) -> dict[str, str]:
    """A histogram of which so many an hour are slower than a minute, and so many quicker."""
    return {
        f'{metric}_bucket{{{more}, le="1"}}': quick,
        f'{metric}_bucket{{{more}, le="60"}}': quick,
        f'{metric}_bucket{{{more}, le="600"}}': slow,
        f'{metric}_bucket{{{more}, le="+Inf"}}': slow,
    }


CASES = (
    Case(
        "ServiceSilent",
        {f"up{{{of('notify')}}}": "1x20 0x20"},
        "notify at notify:8080 does not answer",
        {f"up{{{of('notify')}}}": "1x28 0 1x20"},
        {"job": "loti", "service": "notify", "instance": "notify:8080"},
    ),
    Case(
        "ServiceGone",
        _up(*(name for name in ALL if name != "library")),
        "nobody runs library",
        _up(*ALL),
        {"job": "loti", "service": "library"},
    ),
    Case(
        "ServiceUnwell",
        {f"loti_healthy{{{of('notify')}}}": "1x20 0x20"},
        "notify has not been well for five minutes",
        # One of two processes is well; and one that was not for three minutes.
        {
            f"loti_healthy{{{of('notify')}}}": "0x40",
            'loti_healthy{service="notify", instance="other"}': "1x40",
        },
        NOTIFY,
    ),
    Case(
        "ServiceRestarts",
        {f"process_start_time_seconds{{{of('notify')}}}": "100x5 200x5 300x5 400x20"},
        "notify at notify:8080 was started 3 times in half an hour",
        {f"process_start_time_seconds{{{of('notify')}}}": "100x5 200x30"},
        {"job": "loti", "service": "notify", "instance": "notify:8080"},
    ),
    Case(
        "BatchStands",
        {f"loti_batch_stands_seconds{{{of('notify')}}}": "0x29 90x5"},
        "notify has waited at one place of a batch for 1m 30s",
        {f"loti_batch_stands_seconds{{{of('notify')}}}": "0x29 40x5"},
        NOTIFY,
    ),
    Case(
        "OutboxOld",
        {f"loti_outbox_age_seconds{{{of('ingest')}}}": "0x20 130+60x20"},
        "what ingest says has waited for 11m 10s",
        {f"loti_outbox_age_seconds{{{of('ingest')}}}": "0x28 200 0x20"},
        {"service": "ingest"},
    ),
    Case(
        "RelayLeaderless",
        {
            'loti_relay_leads{service="ingest", instance="a"}': "1x20 0x20",
            'loti_relay_leads{service="ingest", instance="b"}': "0x40",
        },
        "no process publishes for ingest",
        {
            'loti_relay_leads{service="ingest", instance="a"}': "1x20 0x20",
            'loti_relay_leads{service="ingest", instance="b"}': "0x21 1x40",
        },
        {"service": "ingest"},
    ),
    Case(
        "LagGrows",
        {'loti_consumer_lag{service="notify", topic="loti.roles.v1", partition="0"}': "0+50x40"},
        "notify is 1500 messages behind, and more every minute",
        # A backlog that is worked off, however long it is.
        {'loti_consumer_lag{service="notify", topic="loti.roles.v1", partition="0"}': "9000-50x40"},
        NOTIFY,
    ),
    Case(
        "EffectsLate",
        _buckets("loti_event_delay_seconds", of("notify"), "0+100x60", "0+98x60"),
        "one event in a hundred has its effect in notify after more than a minute",
        _buckets("loti_event_delay_seconds", of("notify"), "0+100x60", "0+100x60"),
        NOTIFY,
        at="45m",
    ),
    Case(
        "ConsumerStopped",
        {f"loti_breaker_open{{{of('notify')}}}": "0x20 1x20"},
        "notify takes no events: its breaker is open",
        {f"loti_breaker_open{{{of('notify')}}}": "1x20 0x20"},
        NOTIFY,
    ),
    Case(
        "ConsumerReconnects",
        {f"loti_consumer_reconnected_total{{{of('notify')}}}": "0x20 1 2 3 4 5x90"},
        "the consumer of notify got stuck 5 times in an hour",
        {f"loti_consumer_reconnected_total{{{of('notify')}}}": "0x20 1x60"},
        NOTIFY,
        at="60m",
    ),
    Case(
        "PartitionRests",
        {f"loti_partitions_resting{{{of('notify')}}}": "0x5 2x40"},
        "2 partitions of notify have rested for a quarter of an hour",
        {f"loti_partitions_resting{{{of('notify')}}}": "0x5 1x10 0 1x30"},
        NOTIFY,
    ),
    Case(
        "DeadLettersFresh",
        {f"loti_dead_letters_fresh{{{of('notify')}}}": "0x20 3x20"},
        "notify set 3 messages aside within the last hour",
        {f"loti_dead_letters_fresh{{{of('notify')}}}": "0x40"},
        NOTIFY,
    ),
    Case(
        "DeadLettersOld",
        {f"loti_dead_letters_oldest_seconds{{{of('notify')}}}": "691200x90"},
        "notify has had a dead letter for 8d 0h 0m 0s",
        {f"loti_dead_letters_oldest_seconds{{{of('notify')}}}": "518400x90"},
        NOTIFY,
        at="70m",
    ),
    Case(
        "TopicsLost",
        {f'loti_topics_lost_total{{{of("ingest")}, topic="loti.roles.v1"}}': "0x20 1x20"},
        "loti.roles.v1 was gone, and is empty now",
        {f'loti_topics_lost_total{{{of("ingest")}, topic="loti.roles.v1"}}': "1x40"},
        {"topic": "loti.roles.v1"},
    ),
    Case(
        "BoardFailing",
        {f'loti_source_failing{{{of("ingest")}, source="camden"}}': "0x5 1x90"},
        "the board camden cannot be read",
        {f'loti_source_failing{{{of("ingest")}, source="camden"}}': "0x30 1x30 0 1x30"},
        {"source": "camden"},
        at="80m",
    ),
    Case(
        "BoardNotReadWhole",
        {f'loti_source_seconds_since_good{{{of("ingest")}, source="camden"}}': "90000+60x40"},
        "the board camden was read completely 1d 1h 30m 0s ago",
        # Of two processes, the one that polls knows better.
        {
            'loti_source_seconds_since_good{instance="a", source="camden"}': "90000+60x40",
            'loti_source_seconds_since_good{instance="b", source="camden"}': "600x40",
        },
        {"source": "camden"},
    ),
    Case(
        "BoardsFailing",
        {
            'loti_source_failing{source="camden"}': "1x40",
            'loti_source_failing{source="barnet"}': "1x40",
            'loti_source_failing{source="brent"}': "0x40",
            'loti_source_failing{source="bexley"}': "0x40",
        },
        "50% of all boards fail together: it is us, or the network",
        {
            'loti_source_failing{source="camden"}': "1x40",
            'loti_source_failing{source="barnet"}': "0x40",
            'loti_source_failing{source="brent"}': "0x40",
            'loti_source_failing{source="bexley"}': "0x40",
        },
    ),
    Case(
        "NoBoardIsRead",
        {
            'loti_source_seconds_since_good{source="camden"}': "12000+60x40",
            'loti_source_seconds_since_good{source="barnet"}': "90000+60x40",
        },
        "no board at all was read for 3h 50m 0s",
        {
            'loti_source_seconds_since_good{source="camden"}': "300x40",
            'loti_source_seconds_since_good{source="barnet"}': "90000+60x40",
        },
    ),
    Case(
        "BenchmarksStale",
        {f"loti_benchmark_freshest_seconds{{{of('salaries')}}}": "777600x90"},
        "the freshest offer in any benchmark is 9d 0h 0m 0s old",
        {f"loti_benchmark_freshest_seconds{{{of('salaries')}}}": "259200x90"},
        at="80m",
    ),
    Case(
        "MailsWait",
        {f"loti_mails_oldest_due_seconds{{{of('notify')}}}": "0x10 700+60x40"},
        "a mail that may leave has waited for 30m 40s",
        {f"loti_mails_oldest_due_seconds{{{of('notify')}}}": "0x10 300x40"},
    ),
    Case(
        "MailsDeferred",
        {MAILS % "sent": "0+2x60", MAILS % "deferred": "0+2x60"},
        "the relay puts off 50% of all mails",
        # A few, of few.
        {MAILS % "sent": "0x60", MAILS % "deferred": "0x50 5x20"},
        at="55m",
    ),
    Case(
        "MailsRefused",
        {MAILS % "sent": "0+3x90", MAILS % "refused": "0+1x90"},
        "the relay refuses 25% of all mails for ever",
        {MAILS % "sent": "0+90x90", MAILS % "refused": "0+1x90"},
        at="80m",
    ),
    Case(
        "MailsInDoubt",
        {MAILS % "in_doubt": "0x20 30x60"},
        "30 mails were handed over without an answer within an hour: each goes again",
        {MAILS % "in_doubt": "0x20 10x60"},
        at="60m",
    ),
    Case(
        "AlertsSlow",
        _buckets("loti_posting_to_mail_seconds", of("notify"), "0+100x90", "0+98x90"),
        "one mail in a hundred leaves more than a minute after its vacancy was found",
        _buckets("loti_posting_to_mail_seconds", of("notify"), "0+100x90", "0+100x90"),
        at="60m",
    ),
    Case(
        "WebhooksWait",
        {f"loti_webhook_oldest_waiting_seconds{{{of('webhooks')}}}": "25200x40"},
        "an event has waited to be pushed for 7h 0m 0s",
        {f"loti_webhook_oldest_waiting_seconds{{{of('webhooks')}}}": "3600x40"},
    ),
    Case(
        "WebhookDisabled",
        {f"loti_webhook_endpoints_disabled{{{of('webhooks')}}}": "0x5 2x40"},
        "2 endpoints get nothing any more",
        {f"loti_webhook_endpoints_disabled{{{of('webhooks')}}}": "0x40"},
    ),
    Case(
        "RetentionOverdue",
        # Time begins at 0: it has not looked since the first minute.
        {f"loti_retention_time_seconds{{{of('notify')}}}": "60x220"},
        "notify has not deleted what is too old for 3h 19m 0s",
        {f"loti_retention_time_seconds{{{of('notify')}}}": "0+60x220"},
        NOTIFY,
        at="200m",
        every="10m",
    ),
)


def as_promtool_reads_it(rules: str, severities: Mapping[str, str], every: str) -> dict[str, Any]:
    """A file of tests for `promtool test rules`, of the cases looked at so often: each twice. To begin one costs promtool a third of a second, so cases
    that have no metric in common share one."""
    tests: list[dict[str, Any]] = []
    told_of: list[set[str]] = []
    for case in (one for one in CASES if one.every == every):
        for series, alerts in ((case.speaks, [_told(case, severities)]), (case.silent, [])):
            metrics = {name.partition("{")[0] for name in series}
            place = next((n for n, taken in enumerate(told_of) if not taken & metrics), len(tests))
            if place == len(tests):
                tests.append({"interval": "1m", "input_series": [], "alert_rule_test": []})
                told_of.append(set())
            told_of[place] |= metrics
            tests[place]["input_series"] += [{"series": name, "values": of} for name, of in series.items()]
            tests[place]["alert_rule_test"].append(
                {"eval_time": case.at, "alertname": case.alert, "exp_alerts": alerts}
            )
    return {"rule_files": [rules], "evaluation_interval": every, "tests": tests}


def _told(case: Case, severities: Mapping[str, str]) -> dict[str, Any]:
    return {
        "exp_labels": dict(case.labels) | {"severity": severities[case.alert]},
        "exp_annotations": {"summary": case.says, "runbook_url": f"docs/runbooks.md#{case.alert.lower()}"},
    }
