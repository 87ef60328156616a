qemu-system-x86_64 -m 1024 \
	-hda "$IMAGE"
