#!/bin/sh
# run-test.sh PROGRAM [ARG...]: run one test program, keep what it says in
# PROGRAM.log (tally.sh counts it), show it only when something failed.
set -u
name=${1##*/}
log=$1.log

timeout -k 10 "${TEST_TIMEOUT:-300}" "$@" >"$log" 2>&1
status=$?
if [ $status -eq 0 ]; then
	echo "ok   $name"
	exit 0
fi
echo "exit status $status" >>"$log"
echo "FAIL $name (exit $status):"
# What passed is not worth the reader's time.
grep -vE '^\[ (RUN   |      OK) ' "$log" | sed 's/^/  /'
exit 1
