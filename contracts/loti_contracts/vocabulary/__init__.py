"""The words that every service must use alike: standard roles, levels and London authorities."""

from loti_contracts.vocabulary.authorities import Area, Authority, authorities
from loti_contracts.vocabulary.levels import LEVELS, Level, rank
from loti_contracts.vocabulary.roles import ATTRIBUTION, FAMILIES, RoleLevel, StandardRole, standard_roles

__all__ = [
    "ATTRIBUTION",
    "FAMILIES",
    "LEVELS",
    "Area",
    "Authority",
    "Level",
    "RoleLevel",
    "StandardRole",
    "authorities",
    "rank",
    "standard_roles",
]
