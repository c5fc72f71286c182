"""What matching does when it hears how an introduction goes on. The consumer owns the transaction."""

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.forgetting import takes_back
from loti_contracts.delivery.forgotten_letters import take_back_in_letters
from loti_contracts.events import Envelope, NotificationSent, OutcomeStated
from services.matching import course, store
from services.matching.answers import CannotBe
from services.matching.looking import Looking


class AfterHandlers:
    """The handlers of what follows from an acceptance."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    async def on_notification_sent(self, envelope: Envelope[NotificationSent], tx: Connection) -> None:
        """An accepted match whose introduction was sent is introduced.

        Notifications from before they named what they tell of are passed over.
        """
        told = envelope.event.notification
        if told.kind != "introduction" or told.about is None:
            return
        await self._looking.begin(tx)
        case = await store.load_case_of_match(tx, told.about)
        after = course.introduced(case, told) if case else None
        if case is not None and after is not None:
            await self._looking.save_and_announce(tx, case, after, cause=envelope)

    async def on_outcome_stated(self, envelope: Envelope[OutcomeStated], tx: Connection) -> None:
        """Record what came of an introduction; its supporter is free again, and known better."""
        said = envelope.event.outcome
        await self._looking.begin(tx)
        case = await store.load_case_of_match(tx, said.id)
        if case is None:
            raise Park(f"there is no match {said.id} that something could have come of; correct the match id")
        if not await store.save_outcome(tx, said):
            return
        try:
            after = course.ended(case, said, now=self._looking.clock())
        except CannotBe as error:
            raise Park(str(error)) from error
        if after is None or after.match is None or after.match.accepted is None:
            return
        await self._looking.save_and_announce(tx, case, after, cause=envelope)
        if takes_back(envelope.event):
            await take_back_in_letters(tx, envelope.event)
        await self._looking.supporter_changed(tx, after.match.accepted.supporter_id, cause=envelope)
