#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The includes obey the layers of shared/docs/architecture.md; configure checks the links, this the headers. And every
# module says in a README.md what it is.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=$PWD/tests/layering

layers=$(for file in shared/*/CMakeLists.txt rules/*/CMakeLists.txt agent/*/CMakeLists.txt dashboard/*/CMakeLists.txt; do
  [ -f "$file" ] || continue
  number=$(grep -oE 'LAYER [0-9]+' "$file" | head -n 1 | cut -d' ' -f2)
  [ -n "$number" ] && printf '%s=%s ' "${file%/CMakeLists.txt}" "$number"
done)

sources() { find agent dashboard rules shared tests -path '*/node_modules' -prune -o \( -name '*.h' -o -name '*.cpp' \) -print; }
if ! sources | xargs awk -v layers="$layers" -f "$here/layering.awk"; then
  echo "FAIL: includes against the layering"
  exit 1
fi

for list in shared/*/CMakeLists.txt rules/*/CMakeLists.txt agent/*/CMakeLists.txt dashboard/*/CMakeLists.txt; do
  if grep -q '^levee_module(' "$list" && [ ! -f "$(dirname "$list")/README.md" ]; then
    echo "FAIL: $(dirname "$list") has no README.md"
    exit 1
  fi
done

# The check itself: each of these must be found.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/shared/guard" "$scratch/agent/store" "$scratch/dashboard/model"
cases=(
  'shared/guard/a.h|#include "agent/store/history_store.h"'
  'shared/guard/b.h|#include "rules/lang/rule_set.h"'
  'shared/guard/c.h|#include <QString>'
  'agent/store/d.h|#include "dashboard/model/x.h"'
  'dashboard/model/e.h|#include <sqlite3.h>'
  'agent/store/f.h|#include <levee/v1/agent.pb.h>')
for each in "${cases[@]}"; do
  file=${each%%|*}
  printf '%s\n' "${each#*|}" >"$scratch/$file"
  if (cd "$scratch" && awk -v layers="$layers" -f "$here/layering.awk" "$file" >/dev/null); then
    echo "FAIL: the check does not see ${each#*|} in $file"
    exit 1
  fi
done
echo "PASS: $(sources | wc -l) files, ${#cases[@]} forbidden includes recognised"
