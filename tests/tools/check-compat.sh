#!/bin/sh
# Fail when doc/compat.md has no section for one of the reference's defects, a section without
# a test or with anything else in its list of tests, a line over 160 columns, or names a test
# or a case that is not there, that no program runs, or that the reference itself passes.
set -eu
# No name of a test has a blank.
# shellcheck disable=SC2046
# shellcheck disable=SC2046 # no name has a blank
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

# A section begins with "### DNN" and ends at the next heading.
function begin_section(id) {
	if (id in sections)
		wrong(id " has two sections")
	sections[id] = 1
	section = id
	tests = in_tests = 0
}

function end_section() {
	if (section && !tests)
		wrong(section " has no test")
	section = ""
}

# An entry of the list under "- Tests:" is one name in backquotes and nothing else.
function check_entry(entry,    name) {
	name = substr(entry, 6, length(entry) - 6)
	if (entry !~ /^  - `[^`]*`$/ || (!is_test(name) && !is_case(name)))
		wrong(section ": \"" entry "\" is not the name of a test")
	if (name in recorded)
		wrong(section ": \"" name "\" is recorded of the reference, which passes it")
	if ((section, name) in seen)
		wrong(section ": \"" name "\" stands there twice")
	seen[section, name] = 1
	tests++
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
	if (length($0) > 160)
		wrong("line " FNR " is longer than 160 columns")
	if (/^#/)
		end_section()
	if (/^### D[0-9][0-9]$/)
		begin_section(substr($0, 5))
	else if (section && in_tests && /^ /)
		check_entry($0)
	else if (/^- /)
		in_tests = ($0 == "- Tests:")
}
END {
	end_section()
	for (i = 1; i <= 59; i++)
		if (!(sprintf("D%02d", i) in sections))
			wrong(sprintf("D%02d has no section", i))
	exit bad
}' tests/golden/argv/*/*.txt $(find tests/unit -name '*_test.c') tests/golden/*_test.c tests/e2e/*_test.c doc/compat.md
