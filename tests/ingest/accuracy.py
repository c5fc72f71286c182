"""`make accuracy`: how well adverts are read, on every labelled set."""

from tests.ingest import accuracy_duplicates, accuracy_pay, accuracy_titles


def main() -> None:
    """Print every table."""
    print("PAY")  # noqa: T201
    print(accuracy_pay.table(accuracy_pay.report()))  # noqa: T201
    print("\nTITLES")  # noqa: T201
    print(accuracy_titles.table([accuracy_titles.report(name) for name in accuracy_titles.SETS]))  # noqa: T201
    print("\nDUPLICATES")  # noqa: T201
    print(accuracy_duplicates.table(map(accuracy_duplicates.report, accuracy_duplicates.SETS)))  # noqa: T201


if __name__ == "__main__":
    main()
