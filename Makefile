# Every command of this repository. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.set-up
DATA ?= .loti
WORKERS ?= 2
IMAGES := ingest salaries matching notify library portal webhooks local access
REGISTRY ?= talent-exchange
TAG ?= local

$(STAMP): requirements/dev.txt pyproject.toml contracts/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; give it as PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Setting up .venv from requirements/dev.txt (once; about a minute) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e contracts -e .
	@touch $(STAMP)

.PHONY: help setup run once test check lint types imports contracts tests thorough accuracy malformed audit format lock clean chaos overload model bench test-cluster sbom images

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## set up .venv with the locked dependencies

run: setup ## run the whole system on this machine (Ctrl-C stops it; DATA=folder keeps it elsewhere)
	@exec $(BIN)/loti up --data $(DATA)

once: setup ## run the whole path once over the sample boards and print what came of it
	@$(BIN)/loti up --once --data $(DATA)

test: check tests ## all checks and all tests

check: lint types imports ## style, types, import rules and committed documents
	@$(BIN)/loti contracts check

lint: setup ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## mypy --strict
	@$(BIN)/mypy

imports: setup ## who may import whom
	@$(BIN)/lint-imports --no-logo

tests: setup ## the tests in two processes (WORKERS=4: in four), on containers where a Docker engine answers
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

test-cluster: setup ## the tests that use Kafka, on a cluster of three nodes: replication 3, min.insync.replicas 2
	@LOTI_TEST_SERVERS=cluster $(BIN)/python -m pytest -n0 $(TESTS)

thorough: setup ## the property-based tests with twenty-five times the examples, for a quiet hour
	@LOTI_TEST_EXAMPLES=thorough $(BIN)/python -m pytest --timeout 3600

accuracy: setup ## how well adverts are read, on the labelled sets
	@$(BIN)/python -m tests.ingest.accuracy
	@$(BIN)/python -m tests.library.accuracy_assembling

malformed: setup ## a hundred thousand malformed inputs over every boundary, and what came of them
	@$(BIN)/python -m tests.malformed

audit: setup ## known vulnerabilities of every locked package (exit 3: the advisory services did not answer)
	@$(BIN)/python -m deploy.audit

chaos: setup ## an hour of faults over the whole system, then everything is checked (CHAOS="--minutes 5 --nodes 3 --seed 7")
	@exec $(BIN)/python -m tests.chaos $(CHAOS)

overload: setup ## ten times what can be sustained for two minutes, then a slow service and a slow webhook (OVERLOAD="--seconds 20")
	@exec $(BIN)/python -m tests.overload $(OVERLOAD)

model: setup ## the model of outbox, relay, inbox and consumer on the real code, and on it with each seeded bug (MODEL="--only relay")
	@$(BIN)/python -m tests.model $(MODEL)

bench: setup ## what is fast, beside the alternatives in the same run; writes BENCHMARKS.md (BENCH="pipeline --rounds 3")
	@exec $(BIN)/python -m tests.bench --write $(BENCH)

contracts: setup ## write the schemas and the AsyncAPI document anew
	@$(BIN)/loti contracts generate

sbom: setup ## what is in each image, as CycloneDX in dist/sbom
	@mkdir -p dist/sbom; set -e; for s in $(IMAGES); do $(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml \
	  --output-reproducible -o dist/sbom/$$s.cdx.json requirements/$$s.txt; done; ls dist/sbom

images: ## build every image (REGISTRY=registry.example.org/talent-exchange TAG=0.1.0)
	@set -e; for s in $(IMAGES); do docker build --file deploy/Dockerfile --build-arg SERVICE=$$s --tag $(REGISTRY)/$$s:$(TAG) .; done

format: setup ## format, and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

LOCK = $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --universal \
	--no-emit-package loti-contracts --no-emit-package talent-exchange
SAME = --constraints requirements/dev.txt

lock: setup ## lock the dependencies anew, with hashes and without addresses
	@$(LOCK) --upgrade --group dev --group bench --extra ingest --extra salaries --extra parquet --extra matching --extra notify --extra library --extra portal --extra webhooks --extra admin --extra tracing \
	  --extra local pyproject.toml requirements/build.in -o requirements/dev.txt
	@set -e; for s in ingest salaries matching notify library portal webhooks; do rm -f requirements/$$s.txt; \
	  $(LOCK) $(SAME) pyproject.toml --extra $$s --extra tracing -o requirements/$$s.txt; done
	@rm -f requirements/local.txt requirements/access.txt requirements/build.txt
	@set -e; for s in local access; do $(LOCK) $(SAME) pyproject.toml deploy/compose/$$s.in -o requirements/$$s.txt; done
	@echo hatchling | $(LOCK) $(SAME) - -o requirements/build.txt

clean: ## remove .venv, caches and the local data
	@rm -rf .venv .loti .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
