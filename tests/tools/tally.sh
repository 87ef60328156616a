#!/bin/sh
# tally.sh PROGRAM...: 'N passed, N failed' over all test programs, by what
# cmocka said in their logs, and why some were skipped. A program that left no summary failed once.
set -u
passed=0
failed=0

# count WORD FILE: the sum of cmocka's "[  WORD  ] N test(s)" lines
count() {
	sed -nE "s/^\[  *$1 *\] ([0-9]+) test\(s\).*/\1/p" "$2" | awk '{ n += $1 } END { print n + 0 }'
}

for program; do
	log=$program.log
	if [ ! -f "$log" ]; then
		echo "did not run: ${program##*/}"
		failed=$((failed + 1))
		continue
	fi
	good=$(count PASSED "$log")
	bad=$(count FAILED "$log")
	passed=$((passed + good))
	failed=$((failed + bad))
	if [ "$bad" -eq 0 ] && { [ "$good" -eq 0 ] || grep -q '^exit status' "$log"; }; then
		grep -qE '^\[ *SKIPPED *\]' "$log" && ! grep -q '^exit status' "$log" && continue
		echo "ended early: ${program##*/}"
		failed=$((failed + 1))
	fi
done
# Each reason once, with how often.
for program; do
	grep -hs '^skipped: ' "$program.log"
done | sort | uniq -c | sed -E 's/^ *([0-9]+) skipped:/\1 skipped:/'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
