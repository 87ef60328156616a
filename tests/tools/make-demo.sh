#!/bin/sh
# make-demo.sh DIR [ARCH]: a small Linux guest in DIR (demo-kernel, demo-initrd.img, demo-cmdline)
# from the distribution's kernel for clouds and its static busybox. Both packages are
# downloaded and unpacked, never installed, and kept in DIR/.parts for the next time.
# ARCH, as uname says it, may be another than the host's: apt then works on lists of its
# own in DIR/.parts, and the system knows nothing of that architecture.
# Where apt is not there: KERNEL and MODULES (default: those of the running host) and
# a statically linked busybox in PATH. Whoever comes while it is being made waits.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
out=$(pwd)
parts=$out/.parts

here=$(uname -m)
there=${2:-$here}

case $there in
x86_64) arch=amd64 console=ttyS0 ;;
aarch64) arch=arm64 console=ttyAMA0 ;;
s390x) arch=s390x console=ttysclp0 ;;
*) arch=$there console=ttyS0 ;;
esac

# What a guest of ours may have: disks, network, random numbers, the balloon, the power button,
# the CD with metadata, shared directories. Those that are built in or not there are passed over.
drivers='virtio_pci virtio_mmio virtio_blk virtio_scsi virtio_net virtio_rng virtio_balloon e1000e e1000
	button evdev gpio_keys ahci sd_mod sr_mod ata_piix isofs ext4 squashfs virtiofs
	virtio_console pvpanic_mmio pvpanic_pci'

say() { echo "demo: $*"; }

fail() {
	say "$*" >&2
	exit 1
}

# Let apt look at packages of $arch, without the system's own lists, cache and knowledge.
look_abroad() {
	mkdir -p "$parts/apt/state/lists/partial" "$parts/apt/cache/archives/partial"
	: >"$parts/apt/status"
	cat >"$parts/apt/conf" <<-EOT
		Dir::State "$parts/apt/state";
		Dir::State::status "$parts/apt/status";
		Dir::Cache "$parts/apt/cache";
		APT::Architecture "$arch";
		APT::Architectures "$arch";
		APT::Sandbox::User "root";
	EOT
	export APT_CONFIG="$parts/apt/conf"
}

update_lists() {
	if [ "${APT_CONFIG:-}" = "$parts/apt/conf" ]; then apt-get update -q; else as_root apt-get update -q; fi
}

# unpack PACKAGE [DIR]: download it to DIR (.parts), unless it is there, and unpack it there
unpack() {
	into=${2:-$parts}
	[ -d "$into/$1" ] && return
	mkdir -p "$into/download"
	(
		cd "$into/download"
		# apt drops to a user of its own for downloads, which may not write here.
		apt-get download -q -o APT::Sandbox::User=root "$1" ||
			{ update_lists && apt-get download -q -o APT::Sandbox::User=root "$1"; }
	)
	rm -rf "$into/$1.new"
	dpkg-deb -x "$into/download/$1"_*.deb "$into/$1.new"
	mv "$into/$1.new" "$into/$1"
	rm -r "$into/download"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		fail "as root, run: $*"
	fi
}

# depends PACKAGE PATTERN: the first package of this name that it depends on
depends() {
	apt-cache depends "$1" 2>/dev/null | sed -n "s/^ *Depends: \\($2\\)/\\1/p" | head -n 1
}

# modules_in PACKAGE: where the modules of the kernel are in it, if they are
modules_in() {
	find "$parts/$1" -type d -path '*/lib/modules/*' -name "${kernel##*/vmlinuz-}" | head -n 1
}

# The versioned package that the distribution's newest kernel for clouds is.
kernel_package() {
	for meta in "linux-image-cloud-$arch" "linux-image-virtual" "linux-image-$arch"; do
		name=$(depends "$meta" 'linux-image-[0-9].*')
		[ -n "$name" ] && echo "$name" && return
	done
	return 0
}

# One of an earlier time, for which no lists are needed.
downloaded_kernel() {
	for dir in "$parts"/linux-image-*; do
		[ ! -d "$dir" ] || echo "${dir##*/}"
	done | tail -n 1
}

# The running kernel, by the names that distributions give its file.
host_kernel() {
	version=$(uname -r)
	for file in "/boot/vmlinuz-$version" "/lib/modules/$version/vmlinuz" "/boot/vmlinuz-${version##*-}"; do
		[ ! -r "$file" ] || break
	done
	echo "$file"
}

# busybox that runs here: it packs the initrd and reads the modules' needs
find_tool() {
	tool=$busybox
	[ "$here" = "$there" ] && return
	tool=$(command -v busybox) && return
	# The host's own lists and packages.
	(unset APT_CONFIG && unpack busybox-static "$parts/host")
	tool=$(find "$parts/host/busybox-static" -type f -path '*/bin/busybox' | head -n 1)
}

find_parts() {
	if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
		package=
		if [ "$here" != "$there" ]; then
			look_abroad
			package=$(downloaded_kernel)
		fi
		[ -n "$package" ] || package=$(kernel_package)
		if [ -z "$package" ]; then
			update_lists
			package=$(kernel_package)
		fi
		[ -n "$package" ] || fail "no package linux-image-cloud-$arch"
		say "kernel from $package"
		unpack "$package"
		unpack busybox-static
		kernel=$(echo "$parts/$package"/boot/vmlinuz-*)
		modules=$(modules_in "$package")
		# Ubuntu has them in a package of their own.
		if [ -z "$modules" ]; then
			apart=$(depends "$package" 'linux-modules-[0-9].*')
			[ -z "$apart" ] || unpack "$apart"
			[ -z "$apart" ] || modules=$(modules_in "$apart")
		fi
		busybox=$(find "$parts/busybox-static" -type f -path '*/bin/busybox' | head -n 1)
	elif [ "$here" != "$there" ]; then
		fail "a guest of $there is only made where apt is"
	else
		kernel=${KERNEL:-$(host_kernel)}
		modules=${MODULES:-/lib/modules/$(uname -r)}
		busybox=$("$tools/static-busybox.sh") || fail 'a busybox that is statically linked is not installed'
	fi
	[ -r "$kernel" ] || fail "cannot read $kernel; set KERNEL= and MODULES="
	find_tool
	rm -rf "$parts/apt"
}

# Print the files of a module and of all it needs, those first.
module_files() {
	awk -v wanted="$drivers" '
		function short(path) {
			sub(".*/", "", path); sub("[.]ko.*", "", path); gsub("-", "_", path)
			return path
		}
		function put(path,    n, i, need) {
			if (path in done) return
			done[path] = 1
			n = split(needs[path], need, " ")
			for (i = n; i > 0; i--) put(need[i])
			print path
		}
		{ path = $1; sub(":$", "", path); file[short(path)] = path; $1 = ""; needs[path] = $0 }
		END { n = split(wanted, want, " "); for (i = 1; i <= n; i++) if (want[i] in file) put(file[want[i]]) }
	' "$1"
}

# Copy the modules into the root, uncompressed and flat, with the order to load them in.
add_modules() {
	mkdir -p "$root/lib/modules"
	: >"$root/lib/modules/order"
	list=$modules/modules.dep
	if [ ! -f "$list" ]; then
		# A package that was not installed has no list; depmod or busybox makes one.
		list=$parts/modules.dep
		make_list >"$list"
	fi
	module_files "$list" | while read -r file; do
		name=${file##*/}
		name=${name%.ko*}.ko
		case $file in
		*.xz) xz -dc "$modules/$file" ;;
		*.zst) zstd -qdc "$modules/$file" ;;
		*.gz) gzip -dc "$modules/$file" ;;
		*) cat "$modules/$file" ;;
		esac >"$root/lib/modules/$name"
		echo "$name" >>"$root/lib/modules/order"
	done
}

make_list() {
	version=${modules##*/}
	base=${modules%/lib/modules/*}
	if command -v depmod >/dev/null || [ -x /sbin/depmod ]; then
		PATH=$PATH:/sbin depmod -b "$base" "$version" && cat "$modules/modules.dep"
	else
		"$tool" depmod -b "$base" -n "$version" | sed -n '/\.ko[^:]*:/p'
	fi
}

make_root() {
	root=$out/.root
	rm -rf "$root"
	mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp" "$root/etc" "$root/root" "$root/run" "$root/mnt"
	chmod 1777 "$root/tmp"
	cp "$busybox" "$root/bin/busybox"
	chmod 755 "$root/bin/busybox"
	for link in "$root/init:bin/busybox" "$root/bin/sh:busybox"; do
		ln -s "${link#*:}" "${link%%:*}"
	done
	cp "$tools/demo-rc" "$root/etc/rc"
	cp "$tools/demo-dhcp" "$root/etc/dhcp"
	chmod 755 "$root/etc/rc" "$root/etc/dhcp"
	cat >"$root/etc/inittab" <<-'EOT'
		::sysinit:/bin/busybox --install -s /bin
		::sysinit:/etc/rc
		::respawn:/bin/cttyhack /bin/sh -l
		::ctrlaltdel:/bin/reboot
	EOT
	[ -d "$modules" ] && add_modules
	# -H newc is what the kernel reads; busybox has it, so that no cpio is needed.
	(cd "$root" && find . | "$tool" cpio -o -H newc -R 0:0 2>/dev/null >"$out/.initrd")
	gzip -9n <"$out/.initrd" >"$out/demo-initrd.img.new"
	mv "$out/demo-initrd.img.new" "$out/demo-initrd.img"
	rm "$out/.initrd"
	rm -rf "$root"
}

# Made after everything it is made from?
up_to_date() {
	for made in demo-kernel demo-initrd.img demo-cmdline; do
		for from in make-demo.sh demo-rc demo-dhcp; do
			[ -s "$made" ] && [ -z "$(find "$tools/$from" -newer "$made")" ] || return
		done
	done
}

up_to_date && exit
exec 9>.lock
flock 9 2>/dev/null || say 'no flock here: make one guest at a time'
up_to_date && exit

find_parts
make_root
cp "$kernel" .kernel
mv .kernel demo-kernel
# panic: a kernel that cannot go on ends the VM instead of hanging
echo "console=$console panic=1" >demo-cmdline
say "the guest is in $out"
