#!/usr/bin/env bash
# The programs that the interop tests talk to: sipp and baresip, PostgreSQL (Debian), node (for Google's JavaScript SDK).
# Installs what is missing when it may; otherwise says what will be skipped.
set -u
missing=()
command -v sipp >/dev/null || missing+=(sip-tester)
command -v baresip >/dev/null || missing+=(baresip)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v node >/dev/null || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || echo "apt-get could not install ${missing[*]}"
  else
    echo "to run the interop tests too: sudo apt-get install ${missing[*]}"
  fi
fi
command -v sipp >/dev/null || echo "SKIPPED: no sipp, so the tests against it will be skipped"
command -v baresip >/dev/null || echo "SKIPPED: no baresip, so the tests against it will be skipped"
command -v node >/dev/null || echo "SKIPPED: no node, so the test with Google's JavaScript SDK will be skipped"
exit 0
