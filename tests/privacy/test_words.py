"""Words that are taken back, and nothing else: what decides about it."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.delivery.forgetting import WORDS, forgotten, taken_back, takes_back
from loti_contracts.events import (
    Content,
    Contribution,
    Event,
    Evidence,
    Match,
    Outcome,
    OutcomeInBrief,
    OutcomeRecorded,
    Request,
    RequestStated,
    Review,
    Supporter,
)
from services.matching.cases import Case, Place, match_id
from services.matching.matches import closed
from services.matching.words import taken_back as taken_from_request
from services.matching.words import without_words
from services.portal.heard import taking_back
from tests.matching.making import NOON, a_request
from tests.notify.making import candidate, match

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TEXTS = st.none() | st.text(max_size=20)
_STATES: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(), max_size=8),  # halves of characters, too
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*WORDS, "id", "contact_id", "accepted", "outcome", "title"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@given(_STATES)
def test_who_is_not_named_loses_nothing(state: Any) -> None:
    """Forgetting somebody whom no state names changes none, whatever it looks like; what is left can be kept."""
    left = forgotten(json.dumps(state), "somebody else entirely")
    assert json.loads(left.encode()) == state


@given(_STATES, _STATES)
def test_only_words_are_taken_back(before: Any, now: Any) -> None:
    """An older state differs, if at all, in words that the newer one has empty; the same newer one takes nothing more; and
    a state takes nothing from itself."""
    once = taken_back(json.dumps(before), json.dumps(now))
    assert taken_back(once, json.dumps(now)) == once
    assert once.encode()
    assert taken_back(json.dumps(now), json.dumps(now)) == json.dumps(now)
    if isinstance(before, dict):
        left = json.loads(once)
        assert {name for name in before if left[name] != before[name]} <= {*WORDS, "id", "contact_id", "accepted",
                                                                         "outcome", "title"}  # fmt: skip
        assert left.keys() == before.keys()


@given(note=_TEXTS, what=st.text(min_size=1, max_size=20), why=_TEXTS)
def test_what_a_person_said_is_said_again_without_its_words(
    note: str | None, what: str, why: str | None
) -> None:
    """Each statement goes on with the next revision and the same ids, has none of the words, takes words back by its own
    account, and is said once: there is nothing to take back of what was taken back."""
    content = Content(title="How we hire", summary=what, body=note)
    offer = Contribution(id="c", revision=3, item_id="i", kind="case study", content=content, contact_id="a",
                         note=note, stated_at=NOW)  # fmt: skip
    outcome = Outcome(id="m", revision=1, result="hired", note=note, stated_at=NOW)
    review = Review(id="r", revision=1, verdict="return", why=why, contact_id="a", stated_at=NOW)
    helper = Supporter(
        id="s",
        revision=2,
        kind="mentor",
        contact_id="a",
        roles=(what,),
        capacity=3,
        stated_at=NOW,
        evidence=(Evidence(what=what, good=1, of=2),),
    )
    request = a_request(note=note)

    def again(state: Any) -> Event | None:
        match state:
            case Contribution():
                return taking_back.of_contribution(state, now=NOW)
            case Supporter():
                return taking_back.of_supporter(state, now=NOW)
            case Outcome():
                return taking_back.of_outcome(state)
            case Review():
                return taking_back.of_review(state)
        return taking_back.of_request(state)

    for state in (offer, outcome, review, helper, request):
        event = again(state)
        if event is None:
            assert getattr(state, "note", None) is None
            continue
        assert (event.state.id, event.state.revision) == (state.id, state.revision + 1)
        assert event.changed
        assert all(getattr(event.state, name) != getattr(state, name) for name in event.changed)
        assert again(event.state) is None
        assert takes_back(event)
        left = json.loads(taken_back(state.model_dump_json(), event.state.model_dump_json()))
        assert left.get("note") is None
        assert left.get("why") is None
        assert (left.get("content") or {}).get("body") is None


def test_an_ordinary_change_takes_nothing_back() -> None:
    """Somebody who changes what it asks for, and its note with it, changes no history."""
    request = a_request(note=None, level="senior")
    assert not takes_back(RequestStated(request=request, changed=("note", "level")))
    assert takes_back(RequestStated(request=request, changed=("note",)))
    brief = OutcomeInBrief(result="hired", note="It went well.", stated_at=NOW, recorded_at=NOW)
    told = match().model_copy(update={"outcome": brief})
    assert not takes_back(OutcomeRecorded(match=told, changed=("outcome", "stage")))


@given(
    stage=st.sampled_from(["open", "proposed", "accepted", "declined", "lapsed", "withdrawn"]),
    settled=st.sampled_from([None, 1, 2]),
    said=st.sampled_from([None, 1, 2]),
    placed=st.booleans(),
)
def test_a_request_without_its_note_is_not_stated_anew(
    stage: Any, settled: int | None, said: int | None, placed: bool
) -> None:
    """Whatever became of a request stays: what was settled is settled, what was open is open, a place is kept, and nothing
    lapses or is withdrawn because of it. Its match differs in the note alone."""
    before = a_request(revision=2, note="Please ask for Wilhelmina.")
    request = before.model_copy(update={"revision": 3, "note": None})
    assert taken_from_request(before, request)
    assert not taken_from_request(before, request.model_copy(update={"level": "lead"}))
    said_of: Match = match().model_copy(
        update={"id": match_id(before.id), "stage": stage, "request_id": before.id}
    )
    place = Place("round-1", 2, candidate()) if placed else None
    was = Case(before, said_of, (), settled, said, place)
    case = Case(request, said_of, (), settled, said, place)
    after = without_words(case, before=2)
    assert after.settled == was.settled
    assert (after.place is None) == (place is None)
    assert after.place is None or after.place.request_revision == 3
    assert after.match is not None
    assert after.match == said_of.model_copy(update={"note": None, "revision": said_of.revision + 1})
    assert (closed(after, now=NOON) is None) == (closed(was, now=NOON) is None)


def test_no_request_is_no_reason() -> None:
    """A request that was never heard of, or had no note, took nothing back."""
    request: Request = a_request(revision=2)
    assert not taken_from_request(None, request)
    assert not taken_from_request(a_request(), request)
