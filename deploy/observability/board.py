"""The dashboard: from the boards to the mailboxes, from top to bottom. Pure."""

from typing import Any, Final

from deploy.observability.panels import Line, Panel, Row, dashboard

_OF = '{service=~"$service"}'


def _p(quantile: float, histogram: str, by: str = "", over: str = "$__rate_interval", of: str = "") -> str:
    """A quantile of a histogram, for each value of a label if one is named."""
    labels = f"{by}, le" if by else "le"
    return f"histogram_quantile({quantile}, sum by ({labels}) (rate({histogram}_bucket{of}[{over}])))"


_AT_A_GLANCE: Final = Row(
    "At a glance",
    (
        Panel("Silent", "Processes that do not answer.", (Line('count(up{job="loti"} == 0) or vector(0)'),), "none", 4, 1),
        Panel("Unwell", "Services whose health page says so.", (Line("count(max by (service) (loti_healthy) == 0) or vector(0)"),), "none", 4, 1),
        Panel("Boards failing", "Boards that are said to be failing.", (Line("sum(max by (source) (loti_source_failing)) or vector(0)"),), "none", 4, 1),
        Panel("Behind", "Messages that were said and are not handled yet.", (Line("sum(loti_consumer_lag) or vector(0)"),), "short", 4, 500),
        Panel("Dead letters", "Messages that are set aside.", (Line("sum(max by (service) (loti_dead_letters)) or vector(0)"),), "none", 4, 1),
        Panel("Posting to mail, p99", "From a vacancy found to the relay's yes, in an hour.", (Line(_p(0.99, "loti_posting_to_mail_seconds", over="1h")),), "s", 4, 60),
    ),
)  # fmt: skip

_BOARDS: Final = Row(
    "Boards",
    (
        Panel("Polls by outcome", "Unchanged boards cost one request.", (Line("sum by (outcome) (rate(loti_polls_total[$__rate_interval]))", "{{outcome}}"),), "reqps"),
        Panel("Longest unread boards", "Since a board was last read completely, or found unchanged.", (Line("topk(10, min by (source) (loti_source_seconds_since_good))", "{{source}}"),), "s"),
        Panel("What is said of roles", "In an hour.", (Line("sum by (kind) (increase(loti_roles_said_total[1h]))", "{{kind}}"),)),
        Panel("Postings", "Read, and refused because they cannot be understood, in an hour.", (Line("sum(increase(loti_postings_read_total[1h]))", "read"), Line("sum(increase(loti_postings_refused_total[1h]))", "refused"))),
        Panel("Found after", "Since the day on which an advert says it was posted began, over a day: boards tell no hour.", (Line(_p(0.5, "loti_posting_found_after_seconds", over="1d"), "half"), Line(_p(0.9, "loti_posting_found_after_seconds", over="1d"), "nine in ten")), "s"),
        Panel("Failing boards", "1 while a board is said to be failing.", (Line("max by (source) (loti_source_failing) > 0", "{{source}}"),), "none"),
    ),
)  # fmt: skip

_DELIVERY: Final = Row(
    "Events",
    (
        Panel("Handled", "Events that had their effect.", (Line(f"sum by (service) (rate(loti_events_handled_total{_OF}[$__rate_interval]))", "{{service}}"),), "reqps"),
        Panel("Behind", "Messages not handled yet.", (Line(f"sum by (service) (loti_consumer_lag{_OF})", "{{service}}"),)),
        Panel("From said to done, p99", "Over all topics.", (Line(_p(0.99, "loti_event_delay_seconds", "service", of=_OF), "{{service}}"),), "s"),
        Panel("From said to done, median", "Over all topics.", (Line(_p(0.5, "loti_event_delay_seconds", "service", of=_OF), "{{service}}"),), "s"),
        Panel("A batch, p99", "From received to committed.", (Line(_p(0.99, "loti_batch_seconds", "service", of=_OF), "{{service}}"),), "s"),
        Panel("Came again", "Events that came again and did nothing.", (Line(f"sum by (service) (rate(loti_events_duplicate_total{_OF}[$__rate_interval]))", "{{service}}"),), "reqps"),
        Panel("Tried again", "Batches, after an error that may pass, in ten minutes.", (Line(f"sum by (service) (increase(loti_batches_retried_total{_OF}[10m]))", "{{service}} tried"), Line(f"sum by (service) (increase(loti_batches_rewound_total{_OF}[10m]))", "{{service}} given back"), Line(f"max by (service) (loti_partitions_resting{_OF})", "{{service}} resting"))),
        Panel("Dead letters", "Set aside, and not yet handled or given up.", (Line(f"max by (service) (loti_dead_letters{_OF})", "{{service}}"), Line(f"max by (service) (loti_dead_letters_fresh{_OF}) > 0", "{{service}}, of the last hour"))),
        Panel("Stopped or stuck", "Breaker open; reconnects of an hour; seconds at one place of a batch.", (Line(f"max by (service) (loti_breaker_open{_OF}) > 0", "{{service}} stopped"), Line(f"sum by (service) (increase(loti_consumer_reconnected_total{_OF}[1h])) > 0", "{{service}} reconnected"), Line(f"max by (service) (loti_batch_stands_seconds{_OF}) > 2", "{{service}} stands")), "none"),
    ),
)  # fmt: skip

_OUTBOX: Final = Row(
    "What waits to be said",
    (
        Panel("In the outbox", "Events that wait for the relay.", (Line(f"max by (service) (loti_outbox_depth{_OF})", "{{service}}"),)),
        Panel("The oldest", "How long it has waited.", (Line(f"max by (service) (loti_outbox_age_seconds{_OF})", "{{service}}"),), "s"),
        Panel("Published", "Events that Kafka took.", (Line(f"sum by (service) (rate(loti_events_published_total{_OF}[$__rate_interval]))", "{{service}}"),), "reqps"),
        Panel("Leaders", "Processes that publish: one for each service.", (Line(f"sum by (service) (loti_relay_leads{_OF})", "{{service}}"),), "none"),
        Panel("Consuming", "Processes that take events.", (Line(f"sum by (service) (loti_consuming{_OF})", "{{service}}"),), "none"),
        Panel("Topics lost", "Topics that were gone and made again, in a day.", (Line("sum by (topic) (increase(loti_topics_lost_total[1d])) > 0", "{{topic}}"),), "none"),
    ),
)  # fmt: skip

_BENCHMARKS: Final = Row(
    "Benchmarks",
    (
        Panel("Cells", "Cells with offers, and those without one of the last half year.", (Line("max(loti_benchmarks)", "with offers"), Line("max(loti_benchmarks_old)", "none of the last half year"))),
        Panel("Freshest offer", "Since its day began.", (Line("max(loti_benchmark_freshest_seconds)", "freshest"),), "s"),
        Panel("From role to benchmark", "From a role said to its benchmark committed.", (Line(_p(0.5, "loti_event_delay_seconds", of='{service="salaries"}'), "half"), Line(_p(0.99, "loti_event_delay_seconds", of='{service="salaries"}'), "p99")), "s"),
    ),
)  # fmt: skip

_MAIL: Final = Row(
    "Mail",
    (
        Panel("Mails by outcome", "In ten minutes.", (Line("sum by (outcome) (increase(loti_mails_total[10m]))", "{{outcome}}"),)),
        Panel("Posting to mail", "From a vacancy found to the relay's yes, of whoever hears at once.", (Line(_p(0.5, "loti_posting_to_mail_seconds"), "half"), Line(_p(0.99, "loti_posting_to_mail_seconds"), "p99"), Line(_p(0.999, "loti_posting_to_mail_seconds"), "p99.9")), "s"),
        Panel("Mail, p99", "From meant to be sent to the relay's yes.", (Line(_p(0.99, "loti_mail_delay_seconds", "kind"), "{{kind}}"),), "s"),
        Panel("Waiting", "Mails that are due or in hand.", (Line('max by (status) (loti_mails_standing{status=~"due|sending"})', "{{status}}"),)),
        Panel("The oldest", "How long the first that may leave has waited.", (Line("max(loti_mails_oldest_due_seconds)", "oldest"),), "s"),
        Panel("Came back", "Mails that came back, and addresses that no mail may go to.", (Line('max(loti_mails_standing{status="returned"})', "mails returned"), Line("max(loti_addresses_suppressed)", "addresses"))),
    ),
)  # fmt: skip

_WEBHOOKS: Final = Row(
    "Webhooks",
    (
        Panel("Pushed and pulled", "Attempts by outcome, and events that readers pulled.", (Line("sum by (outcome) (rate(loti_webhook_attempts_total[$__rate_interval]))", "{{outcome}}"), Line("sum(rate(loti_events_pulled_total[$__rate_interval]))", "pulled")), "reqps"),
        Panel("Waiting to be pushed", "Events, and endpoints that get nothing any more.", (Line("max(loti_webhook_waiting)", "events"), Line("max(loti_webhook_endpoints_disabled)", "endpoints disabled"))),
        Panel("The oldest", "How long the first of them has waited.", (Line("max(loti_webhook_oldest_waiting_seconds)", "oldest"),), "s"),
    ),
)  # fmt: skip

_PROCESSES: Final = Row(
    "Processes",
    (
        Panel("Processor", "Cores.", (Line('sum by (service) (rate(process_cpu_seconds_total{job="loti", service=~"$service"}[$__rate_interval]))', "{{service}}"),)),
        Panel("Memory", "Resident, of the largest process.", (Line('max by (service) (process_resident_memory_bytes{job="loti", service=~"$service"})', "{{service}}"),), "bytes"),
        Panel("Starts", "In an hour.", (Line('sum by (service) (changes(process_start_time_seconds{job="loti", service=~"$service"}[1h]))', "{{service}}"),), "none"),
        Panel("Retention", "Since what is too old was last deleted.", (Line(f"time() - max by (service) (loti_retention_time_seconds{_OF})", "{{service}}"),), "s", 24),
    ),
)  # fmt: skip

ROWS: Final = (
    _AT_A_GLANCE,
    _BOARDS,
    _DELIVERY,
    _OUTBOX,
    _BENCHMARKS,
    _MAIL,
    _WEBHOOKS,
    _PROCESSES,
)


def talent_exchange() -> dict[str, Any]:
    """What Grafana imports."""
    return dashboard("Talent Exchange", "talent-exchange", ROWS)
