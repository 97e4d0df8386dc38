#!/usr/bin/env bash
# Runs every test project, one after the other: network tests want the machine for themselves.
set -u
configuration=${1:-Release}
cd "$(dirname "$0")/.."

if [ -z "${VOICEGATEWAY_TEST_POSTGRES:-}" ]; then
  database=$(mktemp -d)/postgres
  trap 'tests/postgres.sh stop "$database"; rm -rf "$(dirname "$database")"' EXIT
  chmod 755 "$(dirname "$database")"
  if connection=$(tests/postgres.sh start "$database"); then
    export VOICEGATEWAY_TEST_POSTGRES="$connection"
  else
    echo "SKIPPED: no PostgreSQL server could be started, so the tests on it will be skipped"
  fi
fi

total_passed=0 total_failed=0 total_skipped=0 status=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  log=$(mktemp)
  dotnet test "$project" -c "$configuration" --no-build --nologo -v q --logger "console;verbosity=minimal" 2>&1 | tee "$log" | grep -vE '^\s*$|Starting test execution|A total of 1 test files|Test run for|^  Skipped '
  [ "${PIPESTATUS[0]}" -eq 0 ] || { status=1; echo "FAILED: $name"; }
  summary=$(grep -E '^(Passed!|Failed!|Skipped!)' "$log" | tail -n 1)
  passed=$(sed -nE 's/.*Passed: *([0-9]+).*/\1/p' <<<"$summary"); failed=$(sed -nE 's/.*Failed: *([0-9]+).*/\1/p' <<<"$summary"); skipped=$(sed -nE 's/.*Skipped: *([0-9]+).*/\1/p' <<<"$summary")
  [ -n "$summary" ] || { status=1; echo "FAILED: $name ran no test"; }
  total_passed=$((total_passed + ${passed:-0})); total_failed=$((total_failed + ${failed:-0})); total_skipped=$((total_skipped + ${skipped:-0}))
  rm -f "$log"
done
if [ "${VOICEGATEWAY_REQUIRE_PEERS:-}" = 1 ] && [ "$total_skipped" -gt 0 ]; then
  echo "tests that need a peer were skipped, but all peers are required"
  status=1
fi
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
exit $status
