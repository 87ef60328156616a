#!/bin/sh
# cover.sh BUILD: lines of src/ that the tests reached, per file, the least covered first.
# BUILD was made with COVER=1 and its tests have run.
set -eu
build=$1
found=$(find "$build/src" -name '*.gcda' | sort)
[ -n "$found" ] || {
	echo "cover: nothing was recorded in $build" >&2
	exit 1
}
for data in $found; do
	gcov -n -o "${data%/*}" "$data" 2>/dev/null
done | awk '
	/^File / { file = $2; gsub(/\047/, "", file); next }
	/^Lines executed:/ && file ~ /^src\/.*[.]c$/ {
		split($0, part, /[:% ]+/)
		percent = part[3]; lines = $NF
		if (file in seen) next
		seen[file] = 1
		total += lines; hit += lines * percent / 100
		printf "%6.1f%% of %4d  %s\n", percent, lines, file | "sort -n"
		file = ""
	}
	END { close("sort -n"); if (total) printf "%6.1f%% of %4d  all\n", hit * 100 / total, total }'
