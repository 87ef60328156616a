#!/bin/sh
# Starts the web server's machine
exec qemu-system-x86_64 \
	-enable-kvm \
	-m 2048 \
	-smp 2 \
	-drive file=/srv/vm/web.qcow2,format=qcow2,if=virtio \
	-nic user,model=virtio,hostfwd=tcp::8080-:80,hostfwd=tcp::2222-:22 \
	-nographic
