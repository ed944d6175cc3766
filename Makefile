# make run is all a newcomer needs; CONTRIBUTING.md explains the rest.
.DEFAULT_GOAL := help
.PHONY: help run test test-mail test-desk test-train faults soak security train check eval bench bench-desk bench-understanding bench-replay requirements clean
.NOTPARALLEL:

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, train if needed, start everything on this machine
	@exec bin/firstline up

test: ## Install what is missing (a browser too) and run every test
	@bin/setup test
	@bin/firstline train
	@bin/firstline test --timeout=600  # seconds for one test; one that hangs fails and says where

test-mail: ## Mail at length: among Postfix and Dovecot, 100 of each fault, 1,000 cases with kills
	@bin/setup test mail-servers
	@bin/firstline train
	@FIRSTLINE_TEST_REPEATS=100 FIRSTLINE_LEDGER_CASES=1000 bin/firstline test tests/mail

test-desk: ## The hand-over at length: 1,000 that race the bot's answer
	@bin/setup test
	@FIRSTLINE_TEST_HANDOVERS=1000 bin/firstline test tests/engine/test_handover_race.py

test-train: ## The workbench in a browser: a misread message, a better model live, and back
	@bin/setup test
	@bin/firstline train
	@FIRSTLINE_TEST_WORKBENCH=1 bin/firstline test tests/browser/test_train.py

# The part of the full counts that make faults and make security do.
SHARE := 1

faults: ## Every fault of the plan in full counts, for hours; make faults SHARE=0.05 for minutes
	@bin/setup test
	@bin/firstline train
	@.venv/edge/bin/python -m bench.faults --share $(SHARE)

soak: ## An hour of mixed traffic and restarts; FIRSTLINE_SOAK_MINUTES for less
	@bin/setup test
	@bin/firstline train
	@.venv/edge/bin/python -m tests.faults.soak

security: ## Security at length: tokens, requests, texts, files and mails by the thousand, faults put in, advisories
	@bin/setup test
	@bin/firstline train
	@.venv/edge/bin/python -m bench.security --share $(SHARE)

train: ## Train the model, if none fits the training data
	@bin/setup engine
	@bin/firstline train

check: ## Format, lint, types, data
	@bin/setup check
	@bin/firstline check

eval: ## Report the quality of the understanding
	@bin/setup engine
	@bin/firstline train
	@bin/firstline eval

bench: ## Measure side by side with stock Rasa
	@bin/setup run
	@bin/firstline train
	@bin/firstline bench

bench-desk: ## Measure how soon 20 open desks show what changes in 200 queued conversations
	@bin/setup run
	@.venv/edge/bin/python -m bench.desk

bench-understanding: ## Measure what understanding a message costs on one core
	@bin/setup run
	@bin/firstline train
	@.venv/edge/bin/python -m bench.understanding

bench-replay: ## Measure how soon 500 recorded conversations are taken again by two models
	@bin/setup engine
	@bin/firstline train
	@.venv/engine/bin/python -m bot.eval.replay_time

UV := .venv/bootstrap/bin/uv
COMPILE := UV_PYTHON_DOWNLOADS=never $(UV) pip compile --universal --generate-hashes --no-header --quiet
# make requirements UPGRADE=--upgrade takes the newest releases; without it, pins stay.
UPGRADE :=

requirements: ## Compile the locks again from pyproject.toml
	@bin/setup uv
	$(COMPILE) $(UPGRADE) pyproject.toml --extra engine --extra test --python-version 3.10 \
	  --override requirements/engine-overrides.txt --output-file requirements/engine.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra edge --extra test --extra check --python-version 3.12 \
	  --output-file requirements/edge.txt
	$(COMPILE) $(UPGRADE) --group bootstrap --python-version 3.8 --output-file requirements/bootstrap.txt
	$(COMPILE) $(UPGRADE) --group redis --python-version 3.10 --output-file requirements/redis.txt
	$(COMPILE) $(UPGRADE) requirements/stock.in --python-version 3.10 --output-file requirements/stock.txt
	$(COMPILE) $(UPGRADE) --group node --python-version 3.12 --output-file requirements/node.txt

clean: ## Remove everything that was installed, built or trained; state (.firstline/) stays
	rm -rf .venv models web/node_modules web/dist web/.built-sources-sha256 .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
