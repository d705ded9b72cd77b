# Runs the suite: on SQLite, then (where PostgreSQL's programs are) on PostgreSQL. Says what it skips.
set -eu
pytest=".venv/bin/python -m pytest -n auto --dist loadgroup"
marks="not matrix"
[ -z "${MATRIX:-}" ] || marks="matrix or not matrix"
if [ ! -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  echo "SKIPPED: the browser tests (no Chromium at ${CHROMIUM:-/usr/bin/chromium}; Debian: apt install chromium, or set CHROMIUM)"
fi
$pytest -m "$marks" "$@"
if url=$(sh tests/postgres.sh start); then
  trap 'sh tests/postgres.sh stop "$url"' EXIT
  trap 'exit 130' INT TERM HUP
  echo "the same on PostgreSQL:"
  VIGIE_TEST_POSTGRES="$url" $pytest -m "($marks) and not browser and not running and not pure" "$@"
else
  echo "SKIPPED: the tests on PostgreSQL (its programs are not here; Debian: apt install postgresql)"
fi
