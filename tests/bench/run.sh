#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Measures the whole of Levee on the shop: real services, a real HAProxy, open-loop load. See README.md.
#
#   tests/bench/run.sh                       all but soak, guards, bad_targets, edits, flood, opening and gateway
#   tests/bench/run.sh bad_targets           no shop: what targets that hang, explode or grow cost the others
#   tests/bench/run.sh edits opening gateway no shop: rule edits, breakers and the gateway's cost; need nginx and wrk
#   tests/bench/run.sh flood                 no shop: many times too many spans for five minutes; needs nginx
#   tests/bench/run.sh breaker overload      some: start breaker overload cost reload soak
#   tests/bench/run.sh simulate --seeds 1000 no shop: the scenarios of tests/scenario over many seeds
#   tests/bench/run.sh simulate --compare    every limiter beside Levee's: the table of shared/guard/README.md
#   tests/bench/run.sh stability [--seeds N] 10,000 runs and more that must neither swing, collapse nor run away
#   tests/bench/run.sh scrape                no shop: the cost of a scraped sample, beside Prometheus and vmagent
#   tests/bench/run.sh map [OPTION]...       no shop, needs no node: the dashboard's map on a generated fleet, see map_bench.cpp;
#                                            builds what it measures optimised
#   tests/bench/run.sh --quick               all that node runs, shortly: do they work (six minutes)
#     --bin DIR     where levee-agent, levee and levee-loadgen are (default: build/dev, build/release)
#     --json FILE   all figures, with what they were made of
#   tests/bench/run.sh guards [OPTION]...    what guards cost a request in process: no shop, needs no node;
#                                            builds what it measures optimised; options of Google Benchmark
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
if [ "${1:-}" = guards ]; then
  shift
  root=$here/../..
  cmake -S "$root" -B "$root/build/bench" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DLEVEE_AGENT=OFF -DLEVEE_DASHBOARD=OFF -DLEVEE_WIRE=OFF >/dev/null
  cmake --build "$root/build/bench" --target guard_bench -- --quiet
  exec "$root/build/bench/tests/bench/guard_bench" "$@"
fi
if [ "${1:-}" = map ]; then
  shift
  root=$here/../..
  cmake -S "$root" -B "$root/build/bench-map" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
  cmake --build "$root/build/bench-map" --target layout_bench map_bench fleet_server -- --quiet
  programs=$root/build/bench-map/tests/bench
  "$programs/layout_bench"
  exec "$programs/map_bench" --server "$programs/fleet_server" "$@"
fi
if ! command -v node >/dev/null; then
  echo "SKIP node is not installed"
  exit 0
fi
if [ "${1:-}" = stability ]; then
  exec node "$here/simulate.mjs" --seeds 125 "${@:2}" stability
fi
if [ "${1:-}" = simulate ]; then
  exec node "$here/simulate.mjs" "${@:2}"
fi
if [ "${1:-}" = scrape ]; then
  exec node "$here/scrape_bench.mjs" "${@:2}"
fi
exec node "$here/bench.mjs" "$@"
