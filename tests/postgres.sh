# A PostgreSQL of the tests' own, on a free port of loopback.
#   start        prints its address; several may run at once, each in a folder named by its port
#                (FSYNC=on: each commit is on the disk, as in production)
#   stop ADDRESS ends that one, and no other (without an address: the only one there is)
# Exits 1 when PostgreSQL's programs are not on this machine.
set -eu
mine="${TMPDIR:-/tmp}/vigie-postgres-$(id -u)"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")
[ -x "$bin/initdb" ] || exit 1
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
case "${1:-}" in
start)
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  folder="$mine-$port"
  mkdir "$folder"  # fails where another invocation has drawn the same port
  [ "$(id -u)" != 0 ] || chown postgres "$folder"
  as "$bin/initdb" --no-sync -D "$folder/data" -U vigie -A trust -E UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1
  # Durability is not what these tests test; a suite that syncs every commit takes minutes.
  as "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w \
    -o "-p $port -h 127.0.0.1 -k $folder -c fsync=${FSYNC:-off} -c max_connections=200" start >/dev/null 2>&1
  echo "postgresql://vigie@127.0.0.1:$port" ;;
stop)
  if [ -n "${2:-}" ]; then
    set -- "$mine-${2##*:}"
  else
    set -- "$mine"-*
    [ $# = 1 ] || { echo "Several are running; say which: stop ADDRESS" >&2; exit 1; }
  fi
  [ -d "$1/data" ] || { echo "No PostgreSQL of the tests there." >&2; exit 1; }
  as "$bin/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$1" ;;
*)
  echo "usage: sh tests/postgres.sh start | stop [ADDRESS]" >&2; exit 2 ;;
esac
