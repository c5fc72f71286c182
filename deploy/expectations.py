"""The expectations of subscribers, as files."""

from pathlib import Path

import yaml

from loti_contracts.evolution.expectations import Expectation, NotAnExpectation, read_expectation

FOLDER = Path(__file__).resolve().parents[1] / "contracts" / "expectations"


def expectation_in(path: Path) -> Expectation:
    """The expectation in a YAML file. Raises NotAnExpectation, which names the file, and OSError."""
    try:
        return read_expectation(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise NotAnExpectation(f"{path} is not YAML: {error}") from error
    except NotAnExpectation as error:
        raise NotAnExpectation(f"{path}: {error}") from error
