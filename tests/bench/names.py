"""Every bench by its name: the module whose `bench(scale)` it is."""

from typing import Final

NAMES: Final[dict[str, str]] = {}
