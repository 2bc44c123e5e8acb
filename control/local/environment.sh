#!/bin/sh
# Brings .venv in line with uv.lock; called by make. `for-run` leaves out the tools for development,
# `for-test` has everything. All words go to standard error: `make run ARGS=--json` owns standard output.
set -eu
exec 1>&2
cd "$(dirname "$0")/../.."
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH || true
export UV_PROJECT_ENVIRONMENT=.venv PIP_ROOT_USER_ACTION=ignore

cache="${XDG_CACHE_HOME:-$HOME/.cache}/parley"
uv_version=0.13.9

fail() {
    echo "parley: $1"
    exit 1
}

# uv from PATH, else fetched once with pip into the cache: nothing is installed into the system's Python.
find_uv() {
    if command -v uv >/dev/null 2>&1; then
        uv=uv
        return
    fi
    uv="$cache/uv/bin/uv"
    if [ -x "$uv" ]; then
        return
    fi
    command -v python3 >/dev/null 2>&1 || fail "Python 3.11 or later is needed: install it, or install uv, which brings one"
    echo "fetching uv, which installs everything else"
    mkdir -p "$cache"
    fresh="$(mktemp -d "$cache/uv.XXXXXX")"
    trap 'rm -rf "$fresh"' EXIT
    if python3 -m pip --version >/dev/null 2>&1; then
        python3 -m pip install --quiet --disable-pip-version-check --target "$fresh" "uv==$uv_version"
    elif python3 -c 'import ensurepip' >/dev/null 2>&1; then
        python3 -m venv "$fresh/env"
        "$fresh/env/bin/pip" install --quiet --disable-pip-version-check "uv==$uv_version"
        mkdir "$fresh/bin"
        cp "$fresh/env/bin/uv" "$fresh/bin/uv"
        rm -rf "$fresh/env"
    else
        fail "neither uv nor pip was found: run 'sudo apt-get install python3-venv', or install uv"
    fi
    chmod 755 "$fresh"
    rm -rf "$cache/uv"
    mv "$fresh" "$cache/uv"
    trap - EXIT
}

find_uv
# Compiled now and not at every start: it halves the time that a warm start takes.
case "$1" in
for-run)
    "$uv" sync --locked --compile-bytecode --inexact --no-group dev
    touch .venv/for-run
    ;;
for-test)
    "$uv" sync --locked --compile-bytecode
    touch .venv/for-run .venv/for-test
    ;;
*) fail "$1 is not an environment: for-run or for-test" ;;
esac
