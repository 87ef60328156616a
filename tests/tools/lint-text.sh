#!/bin/sh
# Whitespace and first lines of everything that is committed.
set -u
bad=0

complain() { # complain WHAT, lines on stdin
	found=$(cat)
	[ -z "$found" ] && return
	printf '%s:\n%s\n' "$1" "$found" | sed '2,$s/^/  /'
	bad=1
}

text() { # the files that people write, by pathspec; recorded data is left alone
	git ls-files "$@" ':!tests/golden/*.txt' ':!tests/fuzz/corpus/*'
}

complain 'trailing blanks' <<EOT
$(text | xargs grep -nIE '[[:blank:]]+$' /dev/null)
EOT
complain 'indented by spaces' <<EOT
$(text '*.c' '*.h' | xargs grep -nE '^ {4}' /dev/null | grep -vE ':[0-9]+: +[*"(a-zA-Z]')
EOT
complain 'first line is not the SPDX line' <<EOT
$(for f in $(text '*.c' '*.h'); do head -n 1 "$f" | grep -q 'SPDX-License-Identifier: MIT' || echo "$f"; done)
EOT
complain 'no newline at the end' <<EOT
$(for f in $(text); do [ -s "$f" ] && [ -n "$(tail -c 1 "$f")" ] && echo "$f"; done)
EOT
# Said, and no failure: a few lines over are better than a file cut in a wrong place.
text 'src/*.c' 'src/*.h' 'tests/*.c' | xargs wc -l | awk '$2 != "total" && $1 > 600 { print "over 600 lines: " $2 ", " $1 }'
exit $bad
