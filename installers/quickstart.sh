#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian 12 to the live map: installs what is needed, builds Levee, starts the demo shop behind the
# agent's gateway, and opens the dashboard. Safe to run again.
#
#   installers/quickstart.sh                 opens the dashboard; Ctrl+C ends everything
#   installers/quickstart.sh --headless      no display: ends with a state table and a screenshot file
#   installers/quickstart.sh --headless --duration 60s --rate 100
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=installers/packages.sh
source installers/packages.sh

headless=
arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --headless) headless=1 ;;
    -h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
if [ -z "$headless" ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
  levee_fail "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); use --headless"
fi

levee_install_for build demo
levee_say "Building (preset release; the first time takes some minutes)"
cmake --preset release >/dev/null || levee_fail "cmake could not configure the build; its words stand above"
cmake --build --preset release -- --quiet || levee_fail "the build failed; its words stand above"
levee_node_modules tests/shop

levee_say "Starting the demo shop"
exec build/release/bin/levee demo ${headless:+--headless} "${arguments[@]}"
