"""What matching does when a request, a supporter or an answer is heard. The consumer owns the transaction."""

from collections.abc import Sequence
from datetime import UTC

from loti_contracts.delivery.batch import Handler
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.forgotten_letters import take_back_in_letters
from loti_contracts.events import AnswerStated, Envelope, RequestStated, SupporterStated
from services.matching import answers, earlier, store, words
from services.matching.looking import Looking


class Handlers:
    """The handlers of what people say; `then` are called after a request that was news, in its transaction."""

    def __init__(self, looking: Looking, *, then: Sequence[Handler] = ()) -> None:
        self._looking = looking
        self._then = then

    async def on_request_stated(self, envelope: Envelope[RequestStated], tx: Connection) -> None:
        """Find supporters for a request that is new or changed, or let go of one that is withdrawn."""
        request = envelope.event.request
        await self._looking.begin(tx)
        known = await earlier.request_before(tx, request.id)
        if not await store.save_request(tx, request):
            return
        before = await self._looking.case_of(tx, request.id)
        if known is not None and words.taken_back(known, request):
            await self._looking.take_back(
                tx, before, words.without_words(before, before=known.revision), cause=envelope
            )
            await take_back_in_letters(tx, envelope.event)
            return
        after = await self._looking.look(tx, before, cause=envelope)
        if before.match and before.match.accepted and before.accepted and not after.accepted:
            await self._looking.supporter_changed(tx, before.match.accepted.supporter_id, cause=envelope)
        for handle in self._then:
            await handle(envelope, tx)

    async def on_supporter_stated(self, envelope: Envelope[SupporterStated], tx: Connection) -> None:
        """Look again at every open request that a new, changed or withdrawn supporter may concern."""
        supporter = envelope.event.supporter
        await self._looking.begin(tx)
        # A date in the future would make a statement hold for longer than any other.
        stated_at = min(supporter.stated_at or envelope.time, envelope.time).astimezone(UTC)
        if await store.save_supporter(tx, supporter, stated_at=stated_at):
            await self._looking.supporter_changed(tx, supporter.id, cause=envelope)

    async def on_answer_stated(self, envelope: Envelope[AnswerStated], tx: Connection) -> None:
        """Accept whom the borough chose, or note that it declined."""
        said, looking = envelope.event.answer, self._looking
        await looking.begin(tx)
        case = await store.load_case_of_match(tx, said.id)
        if case is None:
            raise Park(
                f"there is no match {said.id} to answer: a match is answered after it is proposed. If its request "
                "was stated since, replay this message; otherwise correct the match id"
            )
        if not await store.save_answer(tx, said):
            return
        barred = looking.barred(case, said.supporter_id) if said.supporter_id else None
        try:
            after = answers.answer(
                case,
                said,
                barred=barred.sentence if barred else None,
                found=looking.shortlist(case),
                pack=await looking.pack(tx, case.request),
                now=looking.clock(),
            )
        except answers.CannotBe as error:
            raise Park(str(error)) from error
        if after is None or after.match is None:
            return
        accepted = after.match.accepted
        await looking.save_and_announce(tx, case, after, cause=envelope)
        if after.settled:
            after = await looking.let_go(tx, after, cause=envelope)
        if after.accepted and accepted:
            await looking.supporter_changed(tx, accepted.supporter_id, cause=envelope)
        else:
            await looking.look(tx, after, cause=envelope)
