"""Read what a job pays, from an advert's words or from a source's own fields.

The rules are those of the labelled examples (see tests/data/README.md); `python -m tests.ingest.accuracy_pay` prints
how often they are followed.
"""

from services.ingest.pay.reader import read_pay
from services.ingest.pay.reading import Basis, PayReading, Period, as_row
from services.ingest.pay.structured import read_structured_pay

__all__ = ["Basis", "PayReading", "Period", "as_row", "read_pay", "read_structured_pay"]
