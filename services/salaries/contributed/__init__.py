"""Contributed pay: what boroughs really pay, told in confidence, and what of it may be published."""
