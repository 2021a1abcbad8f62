# What one does with a checkout. Everything that is made is under .build* and is not committed.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# How the workers of the demo run: process or docker.
LAUNCHER ?= process

.PHONY: help build release demo test test-image unit e2e storm torture fuzz sanitize lint format bench image clean

# How long blows fall in `make torture`, and how long each fuzzer runs in `make fuzz`. Unit: seconds.
TORTURE_SECONDS ?= 900
SEEDS ?= 1-2000
FUZZ_SECONDS ?= 30

help: ## This list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/make \1\t\2/' | expand -t 18

build: ## weir as .build/debug/weir
	@scripts/install build
	swift build --product weir

release: ## weir as .build/release/weir, with Swift's runtime inside
	@scripts/install build
	@scripts/release

demo: ## A picture in tiles: from nothing to four workers and back (LAUNCHER=process or docker)
	@scripts/install build worker $(if $(filter docker,$(LAUNCHER)),image)
	swift build --product weir
	@.build-venv/bin/python scripts/demo.py --launcher $(LAUNCHER)

test: ## Everything, against real engines: a Docker engine, moto, boto3, the AWS CLI
	@scripts/test all

test-image: ## The image of weir and docker/compose.yaml, on a real engine (builds for release: minutes)
	@scripts/test image

unit: ## The tests in Swift with what is there; those that need an engine say that they were skipped
	@scripts/install build
	swift test --no-parallel

e2e: ## Only the end-to-end tests, with the engines they need
	@scripts/test e2e

storm: ## The control code through storms in a made-up world (SEEDS=1-2000; minutes)
	@scripts/install build
	@scripts/storm --seeds $(SEEDS)

torture: ## A daemon, its engine and its workers killed and stopped for 15 minutes (TORTURE_SECONDS, WEIR_TEST_SEED)
	@WEIR_TORTURE_SECONDS=$(TORTURE_SECONDS) scripts/test torture

fuzz: ## libFuzzer on what reads policy files, requests and the engine's answers (FUZZ_SECONDS each)
	@scripts/install build
	@scripts/fuzz $(FUZZ_SECONDS)

sanitize: ## The tests of the lower floors under the thread sanitizer and the address sanitizer
	@scripts/install build
	@scripts/sanitize thread
	@scripts/sanitize address

lint: ## Formatting of the Swift files, syntax of the scripts
	@scripts/lint

format: ## Formats the Swift files
	swift format --in-place --recursive --parallel Package.swift Sources Tests {Fuzz,Sanitize}/Package.swift \
	    Fuzz/Sources/{Crypto,Fuzz*}

bench: ## Every figure that weir promises, beside its yardstick (release build)
	@scripts/install build worker test bench
	@scripts/release
	@scripts/bench

image: ## A container image of weir itself (static Swift runtime), and that of the worker
	@scripts/install build image
	@scripts/make-weir-image .build-images

clean: ## Removes all that was made, and stops engines that were left
	@for engine in .build-test/docker .build-demo/engine; do scripts/stop-docker $$engine --purge; done
	@scripts/stop-moto .build-test/moto
	@scripts/stop-redis .build-bench/redis
	rm -rf .build .build-*
