"""The portal's pages, for attacks on them."""

from tests.portal.conftest import _model, clock, dsn, pool, portal

__all__ = ["_model", "clock", "dsn", "pool", "portal"]
