#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test in python; says so when there is none, as a test that is skipped.
if [ -z "$PYTHON3" ]; then
	echo "1..0 # SKIP python3 is missing: ${1##*/} was not run"
	exit 0
fi
PYTHONDONTWRITEBYTECODE=1 exec "$PYTHON3" "$@"
