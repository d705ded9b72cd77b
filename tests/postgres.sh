# A PostgreSQL of the tests' own, on a free port of loopback: start prints its address, stop ends it.
# Exits 1 when PostgreSQL's programs are not on this machine.
set -eu
folder="${TMPDIR:-/tmp}/vigie-postgres-$(id -u)"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")
[ -x "$bin/initdb" ] || exit 1
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
case "$1" in
start)
  if [ -s "$folder/port" ] && as "$bin/pg_ctl" -D "$folder/data" status >/dev/null 2>&1; then
    as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
  fi
  rm -rf "$folder" && mkdir -p "$folder"
  [ "$(id -u)" != 0 ] || chown postgres "$folder"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  as "$bin/initdb" -D "$folder/data" -U vigie -A trust -E UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1
  # Durability is not what these tests test; a suite that syncs every commit takes minutes.
  as "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w \
    -o "-p $port -h 127.0.0.1 -k $folder -c fsync=off -c max_connections=200" start >/dev/null 2>&1
  echo "$port" >"$folder/port"
  echo "postgresql://vigie@127.0.0.1:$port" ;;
stop)
  as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
  rm -rf "$folder" ;;
esac
