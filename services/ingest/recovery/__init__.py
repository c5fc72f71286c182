"""Recovery: ingest's tables are had again from what it said of roles and boards, and its topics from its tables."""

from services.ingest.recovery.adopting import adopt
from services.ingest.recovery.claiming import claim
from services.ingest.recovery.wiring import RECOVERY

__all__ = ["RECOVERY", "adopt", "claim"]
