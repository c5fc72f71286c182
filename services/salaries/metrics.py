"""What salaries shows to Prometheus: how fresh the benchmarks are."""

from prometheus_client import Gauge

benchmarks = Gauge("loti_benchmarks", "Cells of the table of benchmarks that have offers.")
benchmarks_old = Gauge("loti_benchmarks_old", "Of them, those without an offer of the last half year.")
freshest = Gauge(
    "loti_benchmark_freshest_seconds", "Since the day of the freshest offer began; 0: there is none."
)
