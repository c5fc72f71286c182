"""The steps that docker-compose.yml runs beside the services."""
