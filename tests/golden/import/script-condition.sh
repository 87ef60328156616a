#!/bin/sh
MEM=1024
if [ "$1" = big ]; then
	MEM=8192
fi
qemu-system-x86_64 -m $MEM -hda disk.img
