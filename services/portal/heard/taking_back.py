"""What the things that a person said look like when the person is erased: the ids stay, its own words go. Pure.

The portal owns what people say, so it says it again without them: whoever reads those topics learns of it, and the broker
lets go of what stood there. What a borough asked for stays the borough's; what somebody offered is withdrawn.
"""

from datetime import datetime
from typing import Any, Final

from loti_contracts.events import (
    Content,
    Contribution,
    ContributionStated,
    Outcome,
    OutcomeStated,
    Request,
    RequestStated,
    Review,
    ReviewStated,
    State,
    Supporter,
    SupporterStated,
)

GONE: Final = Content(title="Withdrawn", summary="")
"""What stands in the place of an offer to the library. What was published of it stays in the library itself."""


def of_request(request: Request) -> RequestStated | None:
    """A request without its note; as it stands it goes on."""
    return RequestStated(**_changed("request", request, note=None)) if request.note is not None else None


def of_outcome(outcome: Outcome) -> OutcomeStated | None:
    """An outcome without its note."""
    return OutcomeStated(**_changed("outcome", outcome, note=None)) if outcome.note is not None else None


def of_supporter(supporter: Supporter, *, now: datetime) -> SupporterStated | None:
    """A supporter who offers nothing any more, and of whom nothing is known."""
    left = Supporter(
        id=supporter.id,
        revision=supporter.revision,
        kind=supporter.kind,
        status="withdrawn",
        contact_id=supporter.contact_id,
        capacity=0,
        stated_at=supporter.stated_at,
    )
    if left == supporter:
        return None
    facts = {name: getattr(left, name) for name in Supporter.model_fields} | {"stated_at": now}
    facts.pop("id")
    facts.pop("revision")
    return SupporterStated(**_changed("supporter", supporter, **facts))


def of_contribution(contribution: Contribution, *, now: datetime) -> ContributionStated | None:
    """An offer to the library, withdrawn and empty."""
    if contribution.content == GONE:
        return None
    return ContributionStated(
        **_changed("contribution", contribution, status="withdrawn", content=GONE, note=None, stated_at=now)
    )


def of_review(review: Review) -> ReviewStated | None:
    """A review without what the reviewer wrote; what it did stays done."""
    if review.why is None and review.content is None:
        return None
    return ReviewStated(**_changed("review", review, why=None, content=None))


def _changed(about: str, before: State, **facts: Any) -> dict[str, Any]:
    after = before.model_copy(update=facts | {"revision": before.revision + 1})
    changed = tuple(name for name in facts if getattr(after, name) != getattr(before, name))
    return {about: after, "changed": changed}
