# Every verb makes its own environment first: .venv, by uv, from uv.lock.
.DEFAULT_GOAL := help
.PHONY: help run doctor test check bench page train clean
PYTHON := .venv/bin/python
ARGS ?=
DATA ?= ../shared/data/routing

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

run: .venv/for-run ## everything on this machine, until Ctrl-C (ARGS="--port 8090 --json")
	@$(PYTHON) -m control up $(ARGS)

doctor: .venv/for-run ## check every part in words
	@$(PYTHON) -m control doctor $(ARGS)

test: .venv/for-test ## static checks, then every test (ARGS="-k refund")
	@sh .ci/packages.sh && $(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest $(addprefix tests/,unit db http fault room browser) $(ARGS)

check: .venv/for-test ## static checks only
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy && .venv/bin/lint-imports

bench: .venv/for-test ## ratios against references in the same run (ARGS="--only flood")
	@$(PYTHON) -m tests.bench $(ARGS)

page: .venv/for-test ## build the page from control/web
	@cd control/web && PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci && PATH="$(CURDIR)/.venv/bin:$$PATH" node build.mjs

train: .venv/for-test ## rebuild the routing weights, bit for bit (DATA=../shared/data/routing)
	@$(PYTHON) -m agent.cascade.score.train "$(DATA)"

clean: ## remove what the build made (not .parley, which holds your data)
	@rm -rf .venv control/web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/output

.venv/for-run .venv/for-test: pyproject.toml uv.lock
	@sh control/local/environment.sh $(@F)
