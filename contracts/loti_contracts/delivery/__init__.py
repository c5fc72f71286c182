"""How what is said is kept: nothing committed is lost, and each event has its effect once.

outbox     state and events in one transaction
relay      from the outbox to Kafka, in order, fenced
batch      decode, drop duplicates, handle in one transaction, isolate what can never succeed
consumer   the batch on FastStream: acknowledge after the commit, hold on TryAgain, drain on stop
parking    dead letters, and the breaker that stops a consumer before it skips a whole topic
replaying  a dead letter handled again, once its cause is mended
process    a service's life: settings, migrations, health, metrics, graceful stop
"""
