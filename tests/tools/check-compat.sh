#!/bin/sh
# Fail when doc/compat.md has no row for one of the reference's defects, a row without a
# test or with anything else in its last cell, or names a test or a case that is not there,
# that no program runs, or that the reference itself passes.
set -eu
exec awk '
function wrong(words) {
	print page ": " words > "/dev/stderr"
	bad = 1
}

# AREA/CASE or FILE_test: NAME
function is_case(name) { return name ~ /^[a-z]+(-[a-z]+)?\/[A-Za-z0-9_][^\/=]*$/ && name !~ /^(tests|src|doc)\// }
function is_test(name) { return name ~ /^[a-z0-9_]+_test: [a-z_0-9]+$/ }

function check_there(name) {
	if (is_test(name) && !(name in defined))
		wrong("there is no test \"" name "\"")
	else if (is_test(name) && !(name in runs))
		wrong("\"" name "\" is in no list of tests, so nothing runs it")
	# The page says itself that it leaves this one out.
	else if (is_case(name) && !(name in cases) && name != "machine/path-relative")
		wrong("there is no case \"" name "\"")
}

# The last cell: names in backquotes with commas between them, and nothing else.
function check_row(id, cell,    names, count, i, name, seen) {
	if (id in rows)
		wrong(id " has two rows")
	rows[id] = 1
	if (cell !~ /^`.*`$/) {
		wrong(id " has no test")
		return
	}
	count = split(substr(cell, 2, length(cell) - 2), names, /`, `/)
	for (i = 1; i <= count; i++) {
		name = names[i]
		if (!is_test(name) && !is_case(name))
			wrong(id ": \"" name "\" is no name of a test")
		if (name in recorded)
			wrong(id ": \"" name "\" is recorded of the reference, which passes it")
		if (name in seen)
			wrong(id ": \"" name "\" stands there twice")
		seen[name] = 1
	}
}

FNR == 1 {
	file = FILENAME
	sub(/.*\//, "", file)
	sub(/\.c$/, "", file)
}
FILENAME ~ /\.txt$/ {
	if (/^== / && FILENAME ~ /recorded/)
		recorded[substr($0, 4)] = 1
	if (/^== /)
		cases[substr($0, 4)] = 1
	next
}
FILENAME ~ /\.c$/ {
	if (match($0, /^static void [a-z_0-9]+\(/))
		defined[file ": " substr($0, 13, RLENGTH - 13)] = 1
	for (rest = $0; match(rest, /\([a-z_0-9]+[,)]/); rest = substr(rest, RSTART + RLENGTH))
		runs[file ": " substr(rest, RSTART + 1, RLENGTH - 2)] = 1
	next
}
{
	page = FILENAME
	count = split($0, words, "`")
	for (i = 2; i <= count; i += 2)
		check_there(words[i])
	count = split($0, cells, / \| ?/)
	if ($0 ~ /^\| D[0-9][0-9] \|/)
		check_row(substr($0, 3, 3), cells[count - 1])
}
END {
	for (i = 1; i <= 59; i++)
		if (!(sprintf("D%02d", i) in rows))
			wrong(sprintf("D%02d has no row", i))
	exit bad
}' tests/golden/argv/*/*.txt $(find tests/unit -name '*_test.c') tests/golden/*_test.c tests/e2e/*_test.c doc/compat.md
