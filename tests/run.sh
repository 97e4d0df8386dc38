#!/usr/bin/env bash
# Runs every test project, one after the other: network tests want the machine for themselves.
set -u
configuration=${1:-Release}
cd "$(dirname "$0")/.."
total_passed=0 total_failed=0 total_skipped=0 status=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  log=$(mktemp)
  dotnet test "$project" -c "$configuration" --no-build --nologo -v q --logger "console;verbosity=minimal" 2>&1 | tee "$log" | grep -vE '^\s*$|Starting test execution|A total of 1 test files|Test run for'
  [ "${PIPESTATUS[0]}" -eq 0 ] || { status=1; echo "FAILED: $name"; }
  summary=$(grep -E '^(Passed!|Failed!|Skipped!)' "$log" | tail -n 1)
  passed=$(sed -nE 's/.*Passed: *([0-9]+).*/\1/p' <<<"$summary"); failed=$(sed -nE 's/.*Failed: *([0-9]+).*/\1/p' <<<"$summary"); skipped=$(sed -nE 's/.*Skipped: *([0-9]+).*/\1/p' <<<"$summary")
  [ -n "$summary" ] || { status=1; echo "FAILED: $name ran no test"; }
  total_passed=$((total_passed + ${passed:-0})); total_failed=$((total_failed + ${failed:-0})); total_skipped=$((total_skipped + ${skipped:-0}))
  grep -E 'SKIP|\[SKIP\]' "$log" | sed 's/^ */skipped: /'
  rm -f "$log"
done
[ "${VOICEGATEWAY_REQUIRE_PEERS:-}" = 1 ] && [ "$total_skipped" -gt 0 ] && { echo "tests that need a peer were skipped, but all peers are required"; status=1; }
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
exit $status
