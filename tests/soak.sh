#!/usr/bin/env bash
# Runs make targets one after another, goes on after a failure, and writes what each did and how long it took.
set -u
cd "$(dirname "$0")/.."
mkdir -p build/soak
log=build/soak/log
echo "soak of $(git rev-parse --short HEAD), $(date -u +%F), $(nproc) processors" > "$log"
failed=0
for target in "$@"; do
  start=$(date +%s)
  if make --no-print-directory "$target" > "build/soak/$target.log" 2>&1; then outcome=passed; else outcome=FAILED; failed=1; fi
  printf '%-14s %s after %s s\n' "$target" "$outcome" "$(($(date +%s) - start))" | tee -a "$log"
  grep -E "kills:|libhdf5 itself crashed|stopped within|passed|stat::|the same program" "build/soak/$target.log" | sed 's/^/    /' >> "$log"
done
exit "$failed"
