"""Push: Standard Webhooks, signed, retried for three days, in order for each thing.

schedule, signing      pure: what follows from an answer; signatures
sealing, resealing     how secrets are kept; bringing them under the newest key
endpoints              who is told what, and what waits for them, in the database
sending, pushing       one attempt; one lane for each endpoint
"""
