SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.NOTPARALLEL:
.DEFAULT_GOAL := help

release := -c release --static-swift-stdlib
checked := -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
sources := Sources Tests Benchmarks Package.swift
requirements := Tests/EndToEnd/requirements.txt

.PHONY: help packages build run test bench format clean toolchain

help:
	echo "make run     install what is missing, build, create the database, serve"
	echo "make test    every check and every test"
	echo "make build   the release program, .build/release/sikimr"
	echo "make bench   measure it, as a table"
	echo "make format  lay out the Swift files"
	echo "make clean   remove what was built; var/, the data, stays"

packages:
	echo "==> Debian packages of deploy/packages.txt"
	deploy/install-packages deploy/packages.txt

toolchain:
	command -v swift >/dev/null || { echo "There is no swift on the PATH: install Swift 6.3 first." >&2; exit 1; }

build: packages toolchain
	echo "==> Building the release program"
	swift build $(release) --product sikimr

# Swagger UI for /docs; without it, as where PyPI cannot be reached, /docs is a plain list.
.PHONY: swagger-ui
swagger-ui:
	if [[ ! -e var/swagger-ui/swagger-ui-bundle.js ]]; then
		echo "==> Swagger UI of PyPI into var/swagger-ui"
		deploy/install-swagger-ui var/swagger-ui || echo "Swagger UI could not be installed; /docs is a plain list." >&2
	fi

run: build
	echo "==> Serving from var/, Ctrl-C ends it"
	mkdir -p var
	chmod 0700 var
	$(MAKE) --no-print-directory swagger-ui
	exec .build/release/sikimr serve

test: packages toolchain .venv
	echo "==> Checking the layout of the Swift files"
	swift format lint --strict --recursive $(sources)
	echo "==> Building the program and its tests, a warning is an error"
	swift build --build-tests $(checked)
	# One after the other: tests that compute for seconds would keep both threads of Swift's pool from those that talk.
	echo "==> Running the Swift tests"
	swift test --skip-build --disable-xctest --no-parallel $(checked)
	echo "==> Running the end-to-end tests against the built program"
	export SIKIMR_PROGRAM=$${SIKIMR_PROGRAM:-$(CURDIR)/.build/debug/sikimr}
	.venv/bin/python -m pytest Tests/EndToEnd

# Always asked: it does nothing when the packages are there and the requirements are those that were installed.
.PHONY: .venv
.venv:
	echo "==> Debian packages of deploy/packages-test.txt"
	deploy/install-packages deploy/packages-test.txt
	if ! cmp --silent $(requirements) .venv/installed.txt; then
		echo "==> Python packages of $(requirements) into .venv"
		python=/usr/bin/python3
		[[ -x $$python ]] || python=python3
		"$$python" -m venv --clear .venv
		.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(requirements)
		cp $(requirements) .venv/installed.txt
	fi

bench: build
	echo "==> Debian packages of deploy/packages-bench.txt"
	deploy/install-packages deploy/packages-bench.txt
	echo "==> Building what measures due times"
	swift build $(release) --product DueAt
	echo "==> Measuring, which takes some minutes"
	python3 Benchmarks/bench.py --program .build/release/sikimr --due-at .build/release/DueAt

format:
	echo "==> Laying out the Swift files"
	swift format --in-place --recursive $(sources)

clean:
	echo "==> Removing .build and .venv"
	rm -rf .build .venv
