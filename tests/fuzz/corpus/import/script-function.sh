#!/bin/bash
usage() { echo "usage: $0"; exit 1; }
start() {
	local mem=512
	qemu-system-aarch64 -M virt -cpu cortex-a57 -m $mem -bios ./QEMU_EFI.fd -drive if=virtio,file=~/arm.img -nographic
}
cat <<END
qemu-system-x86_64 -m 1 -hda not-this.img
END
start
