"""What is timed, and against whom: `make bench`, `python -m tests.bench NAME --json`, `loti bench NAME --json`."""
