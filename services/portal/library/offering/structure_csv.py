"""A team structure as the CSV that it is read from. Pure."""

import csv
import io
from collections.abc import Sequence

from loti_contracts.events.library_content import Post
from loti_contracts.structures import COLUMNS


def written(posts: Sequence[Post]) -> str:
    """Every post as a line under the header; reading it gives the same posts."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(post, column)) for column in COLUMNS] for post in posts)
    return out.getvalue()


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
