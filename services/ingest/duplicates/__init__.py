"""One job, seen twice: which adverts, on whichever boards, are one vacancy, and which only look alike.

Pure functions over values. `fingerprint` is what to store of an advert, `blocking_keys` finds the few that could be
the same job, `same_job` decides about two and says why, `group` about many. The figures of the labelled pairs are
printed by `python -m tests.ingest.accuracy_duplicates`.
"""

from services.ingest.duplicates.advert import CERTAIN, Advert, Verdict, of_role
from services.ingest.duplicates.features import Fingerprint, blocking_keys, fingerprint
from services.ingest.duplicates.grouping import candidates, group
from services.ingest.duplicates.verdict import same_job

__all__ = [
    "CERTAIN",
    "Advert",
    "Fingerprint",
    "Verdict",
    "blocking_keys",
    "candidates",
    "fingerprint",
    "group",
    "of_role",
    "same_job",
]
