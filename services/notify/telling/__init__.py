"""Telling: what is heard becomes what is told to whom, why and when."""
