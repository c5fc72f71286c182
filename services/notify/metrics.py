"""What notify counts, for Prometheus. Labels are kinds of mails and how they ended, never whose they are."""

from typing import get_args

from prometheus_client import Counter, Gauge, Histogram

from services.notify.mails import MailKind

_WAITS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 43_200)

mails = Counter("loti_mails", "Mails by how an attempt at them ended.", ["kind", "outcome"])
standing = Gauge("loti_mails_standing", "Mails that are due, in hand, or came back.", ["status"])
oldest_due = Gauge("loti_mails_oldest_due_seconds", "How long the first mail that may leave has waited.")
suppressed = Gauge("loti_addresses_suppressed", "Addresses that no mail may go to.")
mail_delay = Histogram(
    "loti_mail_delay_seconds",
    "From a mail meant to be sent to its being taken by the relay.",
    ["kind"],
    buckets=_WAITS,
)
posting_to_mail = Histogram(
    "loti_posting_to_mail_seconds",
    "From a vacancy found on its board to the mail that tells of it taken by the relay, of whoever hears at once.",
    buckets=_WAITS,
)

OUTCOMES = ("sent", "deferred", "refused", "in_doubt", "withheld")

for _kind in get_args(MailKind):
    mail_delay.labels(_kind)
    for _outcome in OUTCOMES:  # 0 from the start, so that the first one is a rise
        mails.labels(_kind, _outcome)
