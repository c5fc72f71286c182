"""How soon everything answers after it is started."""
