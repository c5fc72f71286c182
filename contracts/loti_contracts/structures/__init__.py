"""Team structures: read from CSV alike by every service, and whether posts form a tree. Pure."""

from loti_contracts.structures.columns import COLUMNS, TEMPLATE
from loti_contracts.structures.csv_lines import structure_text
from loti_contracts.structures.faults import Fault, StructureRefused
from loti_contracts.structures.reading import read_structure
from loti_contracts.structures.tree import in_tree_order, tree_faults, who_reports_to

__all__ = [
    "COLUMNS",
    "TEMPLATE",
    "Fault",
    "StructureRefused",
    "in_tree_order",
    "read_structure",
    "structure_text",
    "tree_faults",
    "who_reports_to",
]
