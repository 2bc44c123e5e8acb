#!/bin/sh
# Names the system packages that the tests need and this machine lacks, in one line to copy, and fails then.
# `.ci/packages.sh --list` only prints their names.
set -eu
missing=""
have() { command -v "$1" >/dev/null 2>&1; }

have flite || missing="$missing flite"
have chromium || have chromium-browser || have google-chrome || missing="$missing chromium"
have git || missing="$missing git"
have ip || missing="$missing iproute2"

if [ "${1:-}" = --list ]; then
    echo "$missing"
elif [ -n "$missing" ]; then
    echo "parley: the tests need$missing: sudo apt-get install$missing" >&2
    exit 1
fi
