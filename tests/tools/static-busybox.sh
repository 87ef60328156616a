#!/bin/sh
# Print where a busybox is that needs no library: a guest's root has none. Some distributions
# have it beside their own, by another name. Fails where there is none.
for name in busybox.static busybox-static busybox; do
	found=$(command -v $name) && ! ldd "$found" 2>/dev/null | grep -q '=>' && echo "$found" && exit 0
done
exit 1
