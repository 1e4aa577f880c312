#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzzers with clang and the address and undefined behaviour sanitizers, and runs each for a while over seeds from
# tests/data. Prints a line a target; ends with 1 when one has found something, which is kept in build/fuzz/found.
#
#   tests/fuzz/run.sh                        all, ten minutes each
#   tests/fuzz/run.sh --seconds 60 rules     some, shorter
#   tests/fuzz/run.sh --jobs 2               two at a time
set -euo pipefail
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..
cd "$root"
seconds=600
jobs=1
targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    -*) echo "run.sh: unknown option $1; see the head of the file" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done
[ ${#targets[@]} -gt 0 ] || targets=(exposition promql rules config discover haproxy otlp otlp_json zipkin)
if ! command -v clang++ >/dev/null; then
  echo "SKIP clang is not installed (Debian: clang)"
  exit 0
fi
build=build/fuzz
CC=clang CXX=clang++ cmake --preset dev -B $build -DLEVEE_FUZZ=ON -DLEVEE_DASHBOARD=OFF -DLEVEE_WARNINGS_AS_ERRORS=OFF \
  -DLEVEE_SANITIZE=fuzzer-no-link,address,undefined >/dev/null
cmake --build $build --target $(printf '%s_fuzz ' "${targets[@]}") exposition_replay discover_replay -- --quiet

program() { find $build/tests/fuzz -name "$1" -type f -perm -u+x; }
fuzz() {
  local name=$1 seeds=$build/seeds/$1 found=$build/found/$1 options=() result=clean
  mkdir -p "$seeds" "$found"
  case "$name" in
    exposition)
      "$(program exposition_replay)" --seeds "$seeds" tests/fuzz/exposition/corpus tests/data/exposition >/dev/null
      options=(-dict=tests/fuzz/exposition/exposition.dict)
      ;;
    discover) "$(program discover_replay)" -s --seeds "$seeds" tests/data/discover/* >/dev/null ;;
    # An expression a line.
    promql) cat tests/data/promql/oracle/expressions.txt tests/data/promql/refused.txt |
      split -l 1 -a 4 - "$seeds/" ;;
    *) cp tests/data/"$name"/* "$seeds" ;;
  esac
  "$(program "${name}_fuzz")" "$found" "$seeds" "${options[@]}" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 \
    -artifact_prefix="$found/FOUND-" -print_final_stats=1 >"$found.log" 2>&1 || result="FOUND, see $found.log"
  echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$found.log") runs, $(sed -n \
    's/^stat::peak_rss_mb: *//p' "$found.log") MiB, $(sed -n 's/.*cov: \([0-9]*\).*/\1/p' "$found.log" | tail -1) edges: $result"
  [ "$result" = clean ]
}

status=0
running=0
for name in "${targets[@]}"; do
  fuzz "$name" &
  running=$((running + 1))
  if [ $running -ge "$jobs" ]; then
    wait -n || status=1
    running=$((running - 1))
  fi
done
while [ $running -gt 0 ]; do
  wait -n || status=1
  running=$((running - 1))
done
exit $status
