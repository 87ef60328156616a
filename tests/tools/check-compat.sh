#!/bin/sh
# Fail when doc/compat.md has no row for one of the reference's defects, a row without a
# test, or names a test or a recorded case that is not there.
set -eu
page=doc/compat.md
defects=59
bad=0

wrong() { # wrong WORDS
	echo "$page: $*" >&2
	bad=1
}

# The tests that are named on stdin, one a line: FILE_test: NAME or AREA/CASE, as they stand in backquotes.
named() {
	tr '\140' '\n' | grep -xE '[a-z]+(-[a-z]+)?/[A-Za-z0-9_][^/=]*|[a-z0-9_]+_test: [a-z_0-9]+' | grep -vE '^(tests|src|doc)/'
}

exists() { # exists NAME
	case $1 in
	*_test:\ *) grep -qs "^static void ${1##*: }(" "tests/unit/${1%%:*}.c" "tests/golden/${1%%:*}.c" "tests/e2e/${1%%:*}.c" ;;
	machine/path-relative) ;;	# the page says that it is left out
	*) grep -rqsxF "== $1" tests/golden/argv ;;
	esac
}

while IFS= read -r name; do
	exists "$name" || wrong "there is no test or case '$name'"
done <<NAMES
$(named <"$page")
NAMES

number=1
while [ $number -le $defects ]; do
	id=$(printf 'D%02d' $number)
	rows=$(grep -c "^| $id |" "$page" || :)
	[ "$rows" -eq 1 ] || wrong "$id has $rows rows instead of one"
	grep "^| $id |" "$page" | named >/dev/null || wrong "$id has no test"
	number=$((number + 1))
done
exit $bad
