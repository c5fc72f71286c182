"""Events for systems that cannot speak Kafka: pushed as Standard Webhooks, or pulled by cursor over HTTP.

log        every public event that was heard, in one order for ever (handlers, cloud_events, concerns, cursors)
push/      signed, retried for three days, in order for each thing
pull/      `GET /events?type=&authority=&after=CURSOR&wait=`
thinning   how long it is kept
"""
