#!/bin/bash
set -euo pipefail
cd "$(dirname "$0")"
NAME=web
DISK="$HOME/images/$NAME.qcow2"
MEM=${MEM:-4096}
: "${CPUS:=4}"
OPTS="-rtc base=utc   -k de"
OPTS+=" -no-reboot"
sudo -E qemu-system-x86_64 -name "$NAME" -m "$MEM" -smp $CPUS $OPTS -drive "file=$DISK,if=virtio" -cdrom seed.iso "$@" >run.log 2>&1 &
