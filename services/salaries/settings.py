"""What the salaries service is told from outside."""

from loti_contracts.delivery.settings import ServiceSettings


class SalariesSettings(ServiceSettings):
    """Nothing of its own yet."""
