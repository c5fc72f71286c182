"""The pay explorer: what standard roles are offered, by level, area and period."""
