"""From role events in Kafka to the benchmark table in PostgreSQL: the service beside what a user would write instead."""
