#!/bin/sh
# deps.sh SET...: see that what the sets need is there: build run demo test lint fuzz bench.
# Asks for the thing itself (a program, a pkg-config module), not for a package, so that
# a second call is quick and any distribution will do. Installs with apt as root or by
# sudo; elsewhere prints the one command to run.
set -eu

arch=$(uname -m)
case $arch in
x86_64 | i?86) qemu="qemu-system-x86_64" ;;
arm64) qemu="qemu-system-aarch64" ;;
*) qemu=qemu-system-$arch ;;
esac

# What each set needs: prog:NAME, a program; pkg:MODULE, by pkg-config; file:PATH; a word, see have().
needs() {
	case $1 in
	build) echo prog:cc prog:pkg-config prog:ar pkg:ncursesw pkg:formw \
		pkg:uuid pkg:inih pkg:jansson pkg:expat pkg:libisofs-1 ;;
	run) echo "prog:$qemu" prog:qemu-img ;;
	demo) demo_needs ;;
	test) test_needs ;;
	lint) echo prog:clang-tidy prog:gcc prog:mandoc prog:shellcheck ;;
	fuzz) echo prog:clang fuzzer ;;
	bench) echo prog:tmux prog:dtach prog:strace ;;
	*)
		echo "deps.sh: no set '$1'" >&2
		exit 2
		;;
	esac
}

# The guest's parts are unpacked from packages; only busybox must be there where they cannot be.
# Its modules are packed as the distribution likes.
demo_needs() {
	echo prog:gzip prog:xz prog:zstd prog:find
	command -v apt-get >/dev/null || echo busybox
}

# One guest of every architecture: what we would start is shown to a real QEMU. UEFI is tested
# with Debian's firmware, and not at all where that is not.
test_needs() {
	echo pkg:cmocka prog:find prog:qemu-system-x86_64 prog:qemu-system-aarch64 prog:qemu-system-s390x \
		prog:qemu-system-riscv64 prog:qemu-img prog:ip virtiofsd
	command -v apt-get >/dev/null && echo file:/usr/share/OVMF/OVMF_CODE_4M.fd file:/usr/share/AAVMF/AAVMF_VARS.fd
}

# It is a helper, and in nobody's PATH.
have_virtiofsd() {
	for place in /usr/libexec /usr/lib/qemu /usr/lib; do
		[ ! -x $place/virtiofsd ] || return 0
	done
	return 1
}

# clang comes with or without the libraries for it.
can_fuzz() {
	echo 'int LLVMFuzzerTestOneInput(const char *at, long len) { return at[0] == len; }' |
		clang -fsanitize=fuzzer,address,undefined -o /dev/null -x c - 2>/dev/null
}

have() {
	case $1 in
	virtiofsd) have_virtiofsd ;;
	fuzzer) can_fuzz ;;
	busybox) "$(dirname "$0")/static-busybox.sh" >/dev/null ;;
	file:*) [ -e "${1#file:}" ] ;;
	prog:*) command -v "${1#prog:}" >/dev/null ;;
	pkg:*) pkg-config --exists "${1#pkg:}" 2>/dev/null ;;
	esac
}

# package MANAGER NEED: what to install for it
package() {
	case $1:$2 in
	*:prog:find) echo findutils ;;
	# Up to QEMU 7 it came with the emulators.
	apt:virtiofsd) apt-cache show virtiofsd >/dev/null 2>&1 && echo virtiofsd || echo qemu-system-common ;;
	*:virtiofsd) echo virtiofsd ;;
	dnf:prog:ip) echo iproute ;;
	*:prog:ip) echo iproute2 ;;
	*:prog:ar) echo binutils ;;
	apt:prog:xz) echo xz-utils ;;
	apk:busybox | zypper:busybox) echo busybox-static ;;
	*:busybox) echo busybox ;;
	*:prog:gzip | *:prog:xz | *:prog:zstd | *:prog:mandoc | *:prog:strace | *:prog:tmux | *:prog:dtach | *:prog:gcc | *:prog:clang)
		echo "${2#prog:}"
		;;
	apt:fuzzer) apt-cache show libclang-rt-dev >/dev/null 2>&1 && echo libclang-rt-dev || echo clang ;;
	zypper:fuzzer) echo clang ;;
	*:fuzzer) echo compiler-rt ;;
	apt:prog:cc) echo gcc libc6-dev ;;
	apk:prog:cc) echo gcc musl-dev linux-headers ;;
	dnf:prog:cc | zypper:prog:cc) echo gcc glibc-devel ;;
	pacman:prog:cc) echo gcc ;;
	apt:prog:pkg-config | zypper:prog:pkg-config) echo pkg-config ;;
	dnf:prog:pkg-config) echo pkgconf-pkg-config ;;
	*:prog:pkg-config) echo pkgconf ;;
	apt:prog:clang-tidy) echo clang-tidy ;;
	zypper:prog:clang-tidy | pacman:prog:clang-tidy) echo clang ;;
	apk:prog:clang-tidy) echo clang-extra-tools ;;
	*:prog:clang-tidy) echo clang-tools-extra ;;
	dnf:prog:shellcheck | zypper:prog:shellcheck) echo ShellCheck ;;
	*:prog:shellcheck) echo shellcheck ;;

	apt:prog:qemu-img) echo qemu-utils ;;
	pacman:prog:qemu-img) echo qemu-img ;;
	zypper:prog:qemu-img) echo qemu-tools ;;
	*:prog:qemu-img) echo qemu-img ;;
	apt:prog:qemu-system-x86_64) echo qemu-system-x86 ;;
	apt:prog:qemu-system-aarch64) echo qemu-system-arm ;;
	# Real or provided, by release.
	apt:prog:qemu-system-*) echo "${2#prog:}" ;;
	dnf:prog:qemu-system-x86_64) echo qemu-system-x86 ;;
	pacman:prog:qemu-system-x86_64) echo qemu-system-x86 ;;
	zypper:prog:qemu-system-x86_64) echo qemu-x86 ;;
	zypper:prog:qemu-system-aarch64) echo qemu-arm ;;
	zypper:prog:qemu-system-s390x) echo qemu-s390x ;;
	zypper:prog:qemu-system-*) echo qemu-extra ;;
	pacman:prog:qemu-system-riscv64) echo qemu-system-riscv ;;
	dnf:prog:qemu-system-riscv64) echo qemu-system-riscv ;;
	*:prog:qemu-system-*) echo "${2#prog:}" ;;

	apt:file:*/OVMF/*) echo ovmf ;;
	apt:file:*/AAVMF/*) echo qemu-efi-aarch64 ;;

	apt:pkg:ncursesw | apt:pkg:formw) echo libncurses-dev ;;
	pacman:pkg:ncursesw | pacman:pkg:formw) echo ncurses ;;
	apk:pkg:ncursesw | apk:pkg:formw) echo ncurses-dev ;;
	*:pkg:ncursesw | *:pkg:formw) echo ncurses-devel ;;
	apt:pkg:uuid) echo uuid-dev ;;
	pacman:pkg:uuid) echo util-linux-libs ;;
	apk:pkg:uuid) echo util-linux-dev ;;
	*:pkg:uuid) echo libuuid-devel ;;
	apt:pkg:inih) echo libinih-dev ;;
	pacman:pkg:inih) echo libinih ;;
	apk:pkg:inih) echo inih-dev ;;
	dnf:pkg:inih) echo inih-devel ;;
	*:pkg:inih) echo libinih-devel ;;
	apt:pkg:jansson) echo libjansson-dev ;;
	pacman:pkg:jansson) echo jansson ;;
	apk:pkg:jansson) echo jansson-dev ;;
	zypper:pkg:jansson) echo libjansson-devel ;;
	*:pkg:jansson) echo jansson-devel ;;
	apt:pkg:expat) echo libexpat1-dev ;;
	pacman:pkg:expat) echo expat ;;
	apk:pkg:expat) echo expat-dev ;;
	zypper:pkg:expat) echo libexpat-devel ;;
	*:pkg:expat) echo expat-devel ;;
	apt:pkg:libisofs-1) echo libisofs-dev ;;
	pacman:pkg:libisofs-1) echo libisofs ;;
	apk:pkg:libisofs-1) echo libisofs-dev ;;
	*:pkg:libisofs-1) echo libisofs-devel ;;
	apt:pkg:cmocka) echo libcmocka-dev ;;
	pacman:pkg:cmocka) echo cmocka ;;
	apk:pkg:cmocka) echo cmocka-dev ;;
	*:pkg:cmocka) echo libcmocka-devel ;;
	esac
}

manager() {
	for m in apt-get:apt dnf:dnf pacman:pacman apk:apk zypper:zypper; do
		command -v "${m%%:*}" >/dev/null && echo "${m#*:}" && return
	done
	echo none
}

install_with_apt() {
	if [ "$(id -u)" -eq 0 ]; then
		as_root=
	elif command -v sudo >/dev/null; then
		as_root=sudo
	else
		# Without lists, as in many containers, apt knows no package at all.
		apt-get install -s "$@" >/dev/null 2>&1 || lists='apt-get update && '
		echo "missing; as root, run: ${lists:-}apt-get install --no-install-recommends $*" >&2
		exit 1
	fi
	echo "installing: $*"
	# Another apt, the daily one or that of a second make, is waited for.
	apt_install() {
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
			-o DPkg::Lock::Timeout=300 "$@"
	}
	# The lists may be missing (then nothing is found) or too old (then a file is gone).
	apt-get install -s "$@" >/dev/null 2>&1 || $as_root apt-get update -q
	apt_install "$@" || { $as_root apt-get update -q && apt_install "$@"; }
}

missing=
for set in "$@"; do
	for need in $(needs "$set"); do
		have "$need" || missing="$missing $need"
	done
done
[ -n "$missing" ] || exit 0

manager=$(manager)
packages=$(for need in $missing; do package "$manager" "$need"; done | tr ' ' '\n' | sort -u | tr '\n' ' ')
packages=${packages% }
case $manager in
apt)
	# shellcheck disable=SC2086 # a list of words
	install_with_apt $packages
	exit 0
	;;
dnf) how='dnf install' ;;
pacman) how='pacman -S --needed' ;;
apk) how='apk add' ;;
zypper) how='zypper install' ;;
none)
	echo "missing:$(echo "$missing" | sed 's/[a-z]*://g'); no package manager that is known here" >&2
	exit 1
	;;
esac
echo "missing; as root, run: $how $packages" >&2
exit 1
