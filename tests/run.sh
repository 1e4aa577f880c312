#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is needed, builds everything, runs every test by ctest, and ends with ctest's closing lines.
# Safe to run again.
#
#   tests/run.sh                       preset dev
#   tests/run.sh --preset asan         or tsan
#   tests/run.sh -R guard/             whatever follows goes to ctest
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=installers/packages.sh
source installers/packages.sh

preset=dev
if [ "${1:-}" = --preset ]; then
  preset=${2:?--preset takes dev, asan or tsan}
  shift 2
fi
case "$preset" in dev | asan | tsan) ;; *) levee_fail "no test preset '$preset'; there are dev, asan and tsan" ;; esac

levee_install_for build demo test
levee_node_modules tests/shop
levee_say "Building (preset $preset)"
cmake --preset "$preset" >/dev/null || levee_fail "cmake could not configure the build; its words stand above"
cmake --build --preset "$preset" -- --quiet || levee_fail "the build failed; its words stand above"
levee_say "Testing"
exec ctest --preset "$preset" "$@"
