#!/usr/bin/env bash
# A PostgreSQL server for the tests alone, in a folder that is made and removed: `postgres.sh start FOLDER` prints its
# connection string, `postgres.sh stop FOLDER` ends it. Fails when there is no PostgreSQL on this machine.
set -euo pipefail
command=$1 folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")
[ -x "$bin/initdb" ] || { echo "no PostgreSQL here" >&2; exit 1; }

# The server refuses to run as root.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

case $command in
  start)
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
    port=$((20000 + RANDOM % 20000))
    as_owner "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-sync >"$folder.log" 2>&1
    (cd "$folder" && as_owner "$bin/pg_ctl" -D "$folder/data" -w -t 30 -l "$folder/server.log" \
      -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c fsync=off -c max_connections=200" start) >>"$folder.log" 2>&1
    echo "Host=127.0.0.1;Port=$port;Database=postgres;Username=postgres"
    ;;
  stop)
    (cd "$folder" && as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop) >/dev/null 2>&1 || true
    rm -rf "$folder" "$folder.log"
    ;;
esac
