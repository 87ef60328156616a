#!/bin/sh
while true; do
	qemu-system-x86_64 -m 1024 -hda disk.img
done
