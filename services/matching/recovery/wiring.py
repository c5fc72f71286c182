"""What matching says, and how it is had again."""

from loti_contracts.delivery.recovery import Recovery
from loti_contracts.events.topics import DEMAND, HARD_ROLES, MATCHES, NOVEL_ROLES, ROUND_RESULTS
from services.matching.recovery.adopting import adopt
from services.matching.recovery.hearing import hear
from services.matching.recovery.restating import restate

RECOVERY = Recovery(
    says=(MATCHES, ROUND_RESULTS, DEMAND, NOVEL_ROLES, HARD_ROLES),
    adopt=adopt,
    restate=restate,
    hear=hear,
)
"""Time and changed rules are looked at when the service runs: see `Clock` and `Demand.begin`."""
