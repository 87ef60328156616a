#!/usr/bin/env bash
args=(
	-m 2G            # enough
	-smp 2
	-name 'my "best" machine'
)
empty=()
args+=(-hda disk.img)
if [ -n "${DISPLAY:-}" ]; then
	echo "there is a screen"
fi
qemu-system-x86_64 "${args[@]}" "${empty[@]}" -nographic
