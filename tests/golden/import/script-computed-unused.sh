#!/bin/sh
LOG="log-$(date +%s).txt"
echo `uname -r`
qemu-img create -f qcow2 disk.img 4G
qemu-system-x86_64 -m 1024 -hda disk.img -nographic | tee "$LOG"
