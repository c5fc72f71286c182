"""`loti status`: the whole path on one screen, by what each service's health page says."""
