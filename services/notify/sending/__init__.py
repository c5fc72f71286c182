"""Sending: letters leave through SMTP or GOV.UK Notify, and what became of each is written down."""
