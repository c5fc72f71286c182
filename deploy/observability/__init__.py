"""What an operator sees: Prometheus' configuration, alert rules (`alerts.yml`) and Grafana's dashboard.

`loti observability write` makes the committed files that are made: the dashboard and the two configurations.
"""
