"""The portal's pages, for attacks on them."""

from tests.portal.conftest import clock, dsn, pool, portal

__all__ = ["clock", "dsn", "pool", "portal"]
