#!/bin/sh
# Fail when deps.sh does not ask each package manager for the packages in tests/golden/deps.txt.
# UPDATE=1 rewrites it. Nothing is installed: in PATH are stand-ins and what the script itself needs.
set -eu
golden=tests/golden/deps.txt
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# What a machine has that lacks everything: bare MANAGER prints a PATH.
bare() {
	mkdir -p "$place/$1"
	for name in sh sed tr grep sort dirname find gzip; do
		ln -sf "$(command -v $name)" "$place/$1/$name"
	done
	printf '#!/bin/sh\necho x86_64\n' >"$place/$1/uname"
	printf '#!/bin/sh\necho 1000\n' >"$place/$1/id"
	printf '#!/bin/sh\nexit 0\n' >"$place/$1/$1"
	chmod +x "$place/$1/uname" "$place/$1/id" "$place/$1/$1"
	echo "$place/$1"
}

# Files are looked at where they are, so those that this machine has are not asked for.
said() {
	for manager in apt-get dnf pacman apk zypper none; do
		path=$(bare $manager)
		for sets in 'build run demo' test lint 'fuzz bench'; do
			echo "== $manager: $sets"
			# shellcheck disable=SC2086 # a list of words
			PATH=$path tests/tools/deps.sh $sets 2>&1 || :
		done
	done | sed -E 's/ (virtiofsd|qemu-system-common|ovmf|qemu-efi-aarch64|\/[^ ;]*)//g'
}

said >"$place/said"
if [ -n "${UPDATE:-}" ]; then
	cp "$place/said" "$golden"
else
	diff -u "$golden" "$place/said"
fi
