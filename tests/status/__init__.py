"""`loti status`: one screen."""
