"""What notify does with what it hears: it writes it down. What follows from it is found in the sender's steps."""

from collections.abc import Mapping

from loti_contracts.delivery.batch import Handler
from loti_contracts.events import Event
from services.notify.people.handlers import handlers as of_people
from services.notify.settings import NotifySettings
from services.notify.telling.handlers import HANDLERS as OF_THINGS


def handlers(settings: NotifySettings) -> Mapping[type[Event], Handler]:
    """Event → what is done with it."""
    return {**of_people(settings), **OF_THINGS}
