# Runs the tests on SQLite and, where PostgreSQL's programs are, those on PostgreSQL that depend on a
# database (rights, and many at once), in one more process beside the others. Says what it skips.
# PART=rest: those that did not fit into five minutes. PART=all: every one, with the full matrix,
# and afterwards on PostgreSQL whatever touches a database.
set -eu
# Compiled once, not by each of some two hundred programs that the tests start.
unset PYTHONDONTWRITEBYTECODE
# They wait for what they start, for a browser, for each other: two more than cores keep these busy.
processes=$(.venv/bin/python -c 'import os; print((os.cpu_count() or 1) + 2)')
pytest=".venv/bin/python -m pytest -n $processes --dist loadgroup --no-loadscope-reorder"
part=${PART:-suite}
case "$part" in
suite) marks="not matrix and not rest" ;;
rest) marks="rest and not matrix" ;;
all) marks="matrix or not matrix"; export MATRIX=1 ;;  # more rounds, larger numbers (tests/environment.py)
esac
chromium=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$chromium" ] && { [ -n "${CHROMIUM:-}" ] || [ ! -x "$chromium-headless-shell" ]; }; then
  echo "SKIPPED: the browser tests (no Chromium at $chromium; Debian: apt install chromium, or set CHROMIUM)"
fi
failed=0
if ! url=$(sh tests/postgres.sh start); then
  $pytest -m "$marks" "$@" || failed=$?
  echo "SKIPPED: the tests on PostgreSQL (its programs are not here; Debian: apt install postgresql)"
  exit $failed
fi
beside=""
said=$(mktemp)
end() {
  [ -z "$beside" ] || kill "$beside" 2>/dev/null || true
  sh tests/postgres.sh stop "$url"
  rm -f "$said"
}
trap end EXIT
trap 'exit 130' INT TERM HUP
marks_there="($marks) and not browser and not running and not pure"
if [ "$part" = all ]; then
  $pytest -m "$marks" "$@" || failed=$?
  echo "the same on PostgreSQL:"
  VIGIE_TEST_POSTGRES="$url" $pytest -m "$marks_there" "$@" || failed=$?
  exit $failed
fi
at_once="vigie/intake/tests/test_grants.py vigie/items/tests/test_pressed_at_once.py \
  vigie/cases/tests/test_two_at_once.py vigie/dispatch/tests/test_two_workers.py \
  vigie/journal/tests/test_append_only.py vigie/intake/tests/test_open_letter.py"
if [ "$part" = rest ]; then
  letters=vigie/campaign/newsletter/tests/test_sending.py keeping=vigie/keeping/tests/test_erasing.py
  planted=vigie/doctor/tests/test_planted.py marks_there="not matrix and not running and not pure"
  at_once="vigie/worker/tests/test_killed.py vigie/worker/tests/test_two_workers.py \
    vigie/campaign/wall/tests/test_road.py $letters::test_two_workers_send_each_letter_once \
    $letters::test_a_worker_killed_after_the_letter_was_taken_costs_a_copy_and_no_second_count \
    $keeping::test_two_workers_erase_each_row_once \
    $keeping::test_killed_before_its_line_is_written_nothing_was_erased \
    $planted::test_a_public_program_that_can_read_letters_is_found \
    $planted::test_a_public_role_with_one_right_too_many_is_found"
fi
(
  [ $# -gt 0 ] || set -- $at_once
  export VIGIE_TEST_POSTGRES="$url"
  exec nice -n 3 .venv/bin/python -m pytest -m "$marks_there" "$@"
) >"$said" 2>&1 &
beside=$!
$pytest -m "$marks" "$@" || failed=$?
wait "$beside" || failed=$?
beside=""
echo "on PostgreSQL, rights and many at once (make test-all: everything):"
cat "$said"
exit $failed
