"""Subscriptions: does this one want that role, and why does its contact get it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from loti_contracts.events import Role, Subscription
from loti_contracts.vocabulary import authorities

_FEW = 4


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A contact as far as it matters for what it gets: no name, no address."""

    contact_id: str
    subscriptions: tuple[Subscription, ...]


def wanted_by(subscriptions: Sequence[Subscription], role: Role) -> Subscription | None:
    """The first subscription that wants the role; None where none does."""
    return next((subscription for subscription in subscriptions if wants(subscription, role)), None)


def wants(subscription: Subscription, role: Role) -> bool:
    """Whether all the filters let the role through; an empty one lets everything through.

    A role without a standard role passes no filter on roles or families: it is never guessed what it might be.
    """
    standard = role.standard_role
    return (
        subscription.topic == "new role"
        and _lets_through(subscription.standard_roles, {standard.name} if standard else set())
        and _lets_through(subscription.families, {standard.family} if standard else set())
        and _lets_through(subscription.boroughs, {authority.gss for authority in role.authorities})
    )


def _lets_through(filter_: Sequence[str], found: set[str]) -> bool:
    return not filter_ or not found.isdisjoint(filter_)


def why(subscription: Subscription) -> str:
    """The sentence that tells the contact why it gets these roles. It names what was asked for, no person."""
    roles = _either(subscription.standard_roles, "standard")
    families = _either(subscription.families, "families of")
    where = _either([_name(gss) for gss in subscription.boroughs], "boroughs")
    if not (roles or families or where):
        return "You asked to hear of every new digital role in London."
    what = f"{roles or families or 'digital'} roles"
    if roles and families:
        what += f" ({families})"
    return f"You asked to hear of new {what}{f' in {where}' if where else ''}."


def _either(names: Sequence[str], plural: str) -> str:
    if len(names) > _FEW:
        return f"{len(names)} {plural}"
    *most, last = names or ("",)
    return f"{', '.join(most)} or {last}" if most else last


def _name(gss: str) -> str:
    known = authorities().get(gss)
    return known.name if known else gss
