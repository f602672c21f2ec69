# The two commands. Both use the same build: one profile, one target folder.
.DEFAULT_GOAL := help
.PHONY: help run release test

CARGO_TARGET_DIR ?= target

help:
	@echo "make run    build the server and its web client, and start them on http://localhost:8080"
	@echo "make release   the same as one optimised file, target/release/convo"
	@echo "make test   install what the tests need, then check everything (cargo xtask ci)"
	@echo "More: cargo xtask --help, and CONTRIBUTING.md"

# Not `-p convo-server`: from here, `--bin` resolves the features of the whole workspace, as the tests do,
# so that dependencies are built once for both.
run:
	@scripts/tools.sh
	@if [ -e web/package.json ]; then scripts/web.sh build; fi
	@cargo build --bin convo
	@exec "$(CARGO_TARGET_DIR)/debug/convo" serve

release:
	@scripts/tools.sh
	@scripts/web.sh build
	@cargo build --release --bin convo
	@echo "$(CARGO_TARGET_DIR)/release/convo is ready: one file, copy it anywhere. Start it with \`convo serve\`."

test:
	@scripts/setup.sh
	@cargo run --quiet --bin xtask -- ci
