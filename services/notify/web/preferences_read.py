"""What came back from the preferences form: what was chosen, or all that is wrong with it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast, get_args

from loti_contracts.choices import quiet_hours, typed_or_none, whole_number, yearly_pay
from loti_contracts.events import Frequency, Subscription
from loti_contracts.vocabulary import FAMILIES, LEVELS, Area, Level, authorities, standard_roles
from services.notify.web.preferences_form import FILTERS, Chosen, Form, Problem, Search
from services.notify.web.topics import FREQUENCIES, OFF, ROLES, TopicInWords

_MOST_A_DAY: Final = 1_000


def read(form: Form, topics: Sequence[TopicInWords], before: Chosen) -> Chosen | tuple[Problem, ...]:
    """What the form says, or all that is wrong with it, in the page's order.

    What the form does not offer stays as it was: filters of other topics, topics of other people.
    """
    problems: list[Problem] = []
    known = _known(before)
    searches = [
        _read_search(f"roles-{number_}", search, known, problems)
        for number_, search in enumerate(form.searches)
    ]
    for topic in topics:
        if form.frequencies[topic.field] not in _allowed(topic, before):
            problems.append(Problem(topic.field, f"Choose how often you want “{topic.name}”"))
    quiet, wrong = quiet_hours(form.quiet_from, form.quiet_until, weekends=form.weekends)
    problems.extend(Problem(field, fault) for field, fault in wrong)
    most = _typed(whole_number, form.most_a_day, "most_a_day", "Most emails a day", problems)
    if most is not None and not 1 <= most <= _MOST_A_DAY:
        problems.append(Problem("most_a_day", f"Most emails a day must be between 1 and {_MOST_A_DAY:,}"))
    if problems:
        return tuple(problems)
    return Chosen((*_roles(searches), *_others(form, topics, before)), quiet, most)


def choices_of(before: Chosen) -> dict[str, tuple[str, ...]]:
    """What each filter offers: the vocabulary, and whatever else was chosen before."""
    return {name: tuple(values) for name, values in _known(before).items()}


def _allowed(topic: TopicInWords, before: Chosen) -> tuple[str, ...]:
    return topic.frequencies if topic.always else (OFF, *topic.frequencies)


def _known(before: Chosen) -> dict[str, dict[str, None]]:
    """The values of each filter, in order."""
    vocabulary: dict[str, Iterable[str]] = {
        "families": FAMILIES,
        "standard_roles": standard_roles(),
        "levels": LEVELS,
        "boroughs": authorities(),
        "areas": get_args(Area),
    }
    searches = [one for one in before.subscriptions if one.topic == ROLES.topic]
    return {
        name: dict.fromkeys([*values, *(value for one in searches for value in getattr(one, name))])
        for name, values in vocabulary.items()
    }


def _read_search(
    field: str, search: Search, known: Mapping[str, Mapping[str, None]], problems: list[Problem]
) -> Subscription | None:
    """None where it is off, or wrong."""
    if search.frequency not in FREQUENCIES:
        problems.append(Problem(field, f"Choose how often you want “{ROLES.name}”"))
        return None
    if search.frequency == OFF:
        return None
    for name in FILTERS:
        if strange := [value for value in getattr(search, name) if value not in known[name]]:
            words = f"“{strange[0][:60]}” is not one of the {name.replace('_', ' ')}: choose from the list"
            problems.append(Problem(f"{field}-{name}", words))
    problems.extend(Problem(f"{field}-{name}", text) for name, text in _never(search))
    pence = _typed(yearly_pay, search.minimum_pay, f"{field}-minimum_pay", "Least pay", problems)
    if problems:
        return None
    return Subscription(
        topic="new role",
        frequency=cast(Frequency, search.frequency),
        families=search.families,
        standard_roles=search.standard_roles,
        levels=cast(tuple[Level, ...], search.levels),
        boroughs=search.boroughs,
        areas=cast(tuple[Area, ...], search.areas),
        minimum_pay=pence,
    )


def _never(search: Search) -> Iterable[tuple[str, str]]:
    """Filters that contradict each other, so that nothing would ever come."""
    roles, boroughs = standard_roles(), authorities()
    apart = [
        name for name in search.standard_roles if name in roles and roles[name].family not in search.families
    ]
    if search.families and apart:
        family = roles[apart[0]].family
        yield (
            "standard_roles",
            f"“{apart[0]}” would never come: choose the family “{family}” too, or no family",
        )
    areas = {boroughs[gss].area for gss in search.boroughs if gss in boroughs}
    if search.areas and areas and not areas & set(search.areas):
        yield (
            "areas",
            f"None of your boroughs is in {search.areas[0]} London: choose other boroughs, or no area",
        )


def _typed(parse: Any, text: str, field: str, name: str, problems: list[Problem]) -> Any:
    found, fault = typed_or_none(parse, text, name)
    if fault:
        problems.append(Problem(field, fault))
    return found


def _roles(searches: Iterable[Subscription | None]) -> Iterable[Subscription]:
    return dict.fromkeys(one for one in searches if one is not None)


def _others(form: Form, topics: Sequence[TopicInWords], before: Chosen) -> Iterable[Subscription]:
    named = {topic.topic for topic in topics}
    for topic in topics:
        frequency = form.frequencies[topic.field]
        known = [one for one in before.subscriptions if one.topic == topic.topic]
        if frequency == OFF or (topic.always and not known and frequency == topic.frequencies[0]):
            continue
        new = Subscription(topic=topic.topic, frequency=cast(Frequency, frequency))
        yield from [one.model_copy(update={"frequency": frequency}) for one in known] or [new]
    yield from (one for one in before.subscriptions if one.topic not in named and one.topic != ROLES.topic)
