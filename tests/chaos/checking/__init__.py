"""The checker: from what was put in it works out what every database, topic and mailbox must hold, and says what differs."""

from datetime import UTC, datetime

from tests.chaos.addresses import Addresses
from tests.chaos.checking.findings import Finding, Findings
from tests.chaos.checking.gathering import gather
from tests.chaos.checking.of_boards import check_boards, check_ingest
from tests.chaos.checking.of_inboxes import check_inboxes, check_stuck
from tests.chaos.checking.of_mails import check_mails, check_people, check_things, check_told, in_doubt
from tests.chaos.checking.of_matching import check_matching
from tests.chaos.checking.of_readers import check_library, check_portal, check_webhooks, pushed_again
from tests.chaos.checking.of_salaries import check_salaries
from tests.chaos.checking.of_samples import check_samples
from tests.chaos.checking.of_topics import check_statements, check_topics, said_again
from tests.chaos.checking.world import World
from tests.chaos.flow_portal import ADDRESS
from tests.chaos.ledger import Ledger

__all__ = ["Finding", "Findings", "check", "compare"]


async def check(addresses: Addresses, ledger: Ledger) -> Findings:
    """Read everything, and hold it against the ledger. Raises what Kafka, PostgreSQL and HTTP raise."""
    return compare(await gather(addresses), ledger, now=datetime.now(UTC))


def compare(world: World, ledger: Ledger, *, now: datetime) -> Findings:
    """What is lost, doubled, out of order, stuck or wrong. Pure."""
    findings = Findings()
    for found in (
        check_topics(world),
        check_statements(world, ledger),
        check_boards(world, ledger),
        check_samples(world, now),
        check_ingest(world),
        check_inboxes(world),
        check_stuck(world),
        check_salaries(world),
        check_matching(world, ledger),
        check_portal(world),
        check_library(world),
        check_webhooks(world, ledger),
        check_people(world),
        check_things(world),
        check_told(world, now),
        check_mails(world, frozenset({ADDRESS})),
    ):
        findings.add(found)
    findings.explained += in_doubt(world)
    if again := pushed_again(ledger)["events"]:
        findings.explained.append(
            f"{again} events came to the endpoint again under their own ids: what pushed them, its database or the way to it "
            "ended before the answer was written down"
        )
    findings.counts.update(ledger.counted())
    findings.counts.update(
        {
            "messages on topics": len(world.log),
            "events": len(world.first),
            "said again by a relay": sum(said_again(world).values()),
            "of a newer type": world.unknown,
            "mails": len(world.mails),
            "mails in doubt": sum(bool(row["doubts"]) for row in world.rows("notify", "mail")),
            "mails delivered again": sum(int(mail["deliveries"]) - 1 for mail in world.mails),
            "pushed again": pushed_again(ledger)["events"],
        }
    )
    return findings
