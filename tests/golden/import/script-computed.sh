#!/bin/sh
CPUS=$(nproc)
qemu-system-x86_64 -m 1024 -smp "$CPUS" -hda disk.img
