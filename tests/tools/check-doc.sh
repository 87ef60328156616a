#!/bin/sh
# Fail when a page of doc/ names a source that is not there, a table of doc/hacking.md a
# function that is not in the file of its row, or its map leaves a folder of src out.
set -eu
bad=0

complain() {
	echo "$1" >&2
	bad=1
}

# `src/core/base/loop.h`, and without the src/ as well; `terminal*.c` is a pattern.
for page in doc/*.md README.md; do
	# shellcheck disable=SC2016 # backquotes of Markdown
	for name in $(grep -oE '`(src|core|persist|ui|tests)/[^ `]*\.(c|h|s|sh)`' "$page" | tr -d '`' | sort -u); do
		case $name in
		src/* | tests/*) path=$name ;;
		*) path=src/$name ;;
		esac
		case $name in
		*NAME* | *'**'*) continue ;;
		esac
		# shellcheck disable=SC2086 # patterns are meant
		ls $path >/dev/null 2>&1 || complain "$page: there is no $name"
	done
done

# | `src/FILE.c` | `function`, `function` | ...
while IFS='|' read -r _ file functions _; do
	case $file in
	' `src/'*.[ch]'` ') ;;
	*) continue ;;
	esac
	file=$(echo "$file" | tr -d ' `')
	for function in $(echo "$functions" | tr -d '`,'); do
		grep -qs "\<$function)\{0,1\}(" "$file" || complain "doc/hacking.md: there is no $function in $file"
	done
done < doc/hacking.md

for folder in $(find src -name '*.c' -exec dirname {} + | sort -u); do
	grep -q "^| \`$folder\` |" doc/hacking.md || complain "doc/hacking.md: its map has no $folder"
done
exit $bad
