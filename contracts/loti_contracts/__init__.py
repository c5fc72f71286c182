"""The published language of Talent Exchange.

`loti_contracts.events`      what is said: one model for each event, on pydantic alone.
`loti_contracts.vocabulary`  the lists everybody must agree on: authorities, standard roles, levels.
`loti_contracts.delivery`    how what is said is kept: outbox, relay, inbox, consumer, dead letters
                             (install `loti-contracts[delivery]`).
"""
