"""Every bench by its name: the module whose `bench(scale)` it is."""

from typing import Final

NAMES: Final[dict[str, str]] = {
    "pipeline": "tests.bench.pipeline.beside",
    "pipeline-scaling": "tests.bench.pipeline.scaling",
    "pipeline-growth": "tests.bench.pipeline.growth",
    "relay": "tests.bench.pipeline.relaying",
    "latency": "tests.bench.latency.bench",
    "feeds": "tests.bench.extraction.feeds",
    "job-pages": "tests.bench.extraction.pages",
    "pay": "tests.bench.extraction.pay",
    "repolling": "tests.bench.extraction.repolling",
    "pages": "tests.bench.pages.answering",
    "up": "tests.bench.start.up",
    "services": "tests.bench.start.services",
    "benchmarks": "tests.bench.growth.benchmarks",
    "rounds": "tests.bench.growth.rounds",
    "demand": "tests.bench.growth.demand",
    "newsletter": "tests.bench.growth.newsletter",
    "images": "tests.bench.growth.images",
}
