"""Evolution: what a change of a JSON Schema (2020-12) means for whoever reads what others write.

Two questions decide. Can a reader that was built from OLD fail on data that is valid under NEW: a subscriber that has
not been upgraded? Can a reader built from NEW fail on data that was valid under OLD: an event that is kept on its
topic? Where either can, the change is breaking. Every reader ignores fields that it does not know, unless its schema
says `additionalProperties: false`.
"""

from loti_contracts.evolution.changes import Change, Reader, breaking
from loti_contracts.evolution.compare import compare
from loti_contracts.evolution.published import Published, compare_published
from loti_contracts.evolution.schema import NotASchema

__all__ = ["Change", "NotASchema", "Published", "Reader", "breaking", "compare", "compare_published"]
