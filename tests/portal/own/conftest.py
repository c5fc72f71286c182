"""The mails of signing in, for the pages of one's own."""

from tests.portal.signin.conftest import mails

__all__ = ["mails"]
