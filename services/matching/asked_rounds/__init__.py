"""Rounds that staff ask for by event: decided from what is known, looked at, adjusted, published.

facts        what a round is decided from, as one value
standing     whether a request can take part at all
taking_part  who takes part, as `services.matching.rounds` wants it
deciding     a round from its facts to what is said of it; telling, reasons: the same in the contract's words
following    what may follow on what; publishing: whether the world is still as it was when staff looked
apart        deciding in a process of its own, so that events are heard meanwhile
handlers     what is done when a round is heard; clock: rounds that wait to be decided
store        the tables
"""
