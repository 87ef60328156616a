# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion of paddock's command line for bash. The words of the tables below
# are held against the program's own by tests/unit/completion_test.c.

# A name is compared, not handed to compgen -W, which would expand what is in it.
_paddock_names() {
	local name
	while read -r name; do
		[[ $name == "$1"* ]] && printf '%s\n' "$name"
	done < <(paddock ls --json 2>/dev/null | sed -n 's/^    "name": "\(.*\)",$/\1/p')
}

# What `paddock restore` takes: the last of a row's words, which may have blanks in it.
_paddock_trash() {
	local name
	while read -r name; do
		[[ $name == "$1"* ]] && printf '%s\n' "$name"
	done < <(paddock trash 2>/dev/null | cut -f 4)
}

# Images in the place that was typed; a kernel is the prefix of its files, and these are none.
_paddock_images() {
	local file
	while read -r file; do
		case $file in
		*-kernel) file=${file%-kernel} ;;
		*-cmdline) [ -f "${file%-cmdline}-kernel" ] && continue ;;
		*-initrd.img) [ -f "${file%-initrd.img}-kernel" ] && continue ;;
		*-squashfs.img) [ -f "${file%-squashfs.img}-kernel" ] && continue ;;
		esac
		printf '%s\n' "$file"
	done < <(compgen -f -- "$1")
}

# What may stand behind an option that takes a value; nothing is said of the others.
_paddock_value() {
	case $1 in
	--arch) compgen -W $'x86_64\naarch64\ns390x\nriscv64' -- "$2" ;;
	--boot-bus) compgen -W $'ide\nvirtio\nscsi\nnvme' -- "$2" ;;
	--boot-format) compgen -W $'auto\nraw\nqcow2\nvmdk\nvdi\nvpc' -- "$2" ;;
	--accel) compgen -W $'auto\nkvm\ntcg\nkvm:tcg' -- "$2" ;;
	--networking) compgen -W $'user\nnone\ntap,\nbridge,' -- "$2" ;;
	--fw | --disk | --data-file | --virtiofs | --virtiofsd | --state | --qemu | --qmp) compgen -f -- "$2" ;;
	--cpus | --mem | --cpu | --uuid | --mac | --publish | --data | --device | --arg) ;;
	--since | --until) compgen -W $'boot\ntoday\nyesterday\nnow' -- "$2" ;;
	--timeout | --boot | --grep | --save | --name) ;;
	*) return 1 ;;
	esac
	return 0
}

_paddock_words() {
	local command=$1 cur=$2
	local run=$'--iso\n--kernel\n--squashfs\n--boot-bus\n--boot-format\n--uefi\n--fw\n--cpus\n--mem\n--arch\n--cpu\n--accel\n--uuid\n--disk\n--trust-backing\n--force-raw\n--networking
--mac\n--publish\n--data\n--data-file\n--nocloud\n--virtiofs\n--virtiofsd\n--usb\n--device\n--gui\n--state\n--detached\n--timeout\n--rm\n--save\n--raw\n--qemu
--arg\n--qmp\n--sandbox\n--verbose\n--quiet\n--help'

	case $command:$cur in
	run:-*) compgen -W "$run" -- "$cur" ;;
	argv:-*) compgen -W $'--lines\n--null\n--explain\n'"$run" -- "$cur" ;;
	attach:-*) compgen -W $'--read-only\n--raw\n--help' -- "$cur" ;;
	start:-*) compgen -W $'--timeout\n--last\n--defaults\n--help' -- "$cur" ;;
	stop:-* | restart:-*) compgen -W $'--timeout\n--force\n--all\n--help' -- "$cur" ;;
	kill:-* | reset:-*) compgen -W $'--all\n--yes\n--help' -- "$cur" ;;
	pause:-* | resume:-*) compgen -W $'--all\n--help' -- "$cur" ;;
	ls:*) compgen -W $'--json\n--help' -- "$cur" ;;
	stats:-*) compgen -W $'--json\n--help' -- "$cur" ;;
	log:-*) compgen -W $'--follow\n--boot\n--since\n--until\n--grep\n--timestamps\n--raw\n--help' -- "$cur" ;;
	cd:-*) compgen -W $'--force\n--save\n--help' -- "$cur" ;;
	disk:-*) compgen -W $'--save\n--help' -- "$cur" ;;
	import:-*) compgen -W $'--name\n--dry-run\n--help' -- "$cur" ;;
	clone:-*) compgen -W $'--linked\n--help' -- "$cur" ;;
	snapshot:-*) compgen -W $'--yes\n--help' -- "$cur" ;;
	jobs:-*) compgen -W $'--json\n--help' -- "$cur" ;;
	port:-* | usb:-*) compgen -W $'--save\n--help' -- "$cur" ;;
	rm:-*) compgen -W $'--state\n--yes\n--help' -- "$cur" ;;
	trash:*) compgen -W $'--empty\n--yes\n--help' -- "$cur" ;;
	*:-*) compgen -W --help -- "$cur" ;;
	help:*) compgen -W $'run\nstart\nattach\nstop\nrestart\nkill\npause\nresume\nreset\nls\nstats\nlog\nargv\ncheck\ndiff\napply\nport\ncd\nusb\nmemory\nlink\ndisk\nclone\nsnapshot\njobs\nhistory\nrm\ntrash\nrestore\nimport\nreset-uefi' -- "$cur" ;;
	run:*) _paddock_images "$cur" ;;
	start:* | attach:* | stop:* | restart:* | kill:* | pause:* | resume:* | reset:* | stats:* | log:* | argv:* | check:* | diff:* | apply:* | reset-uefi:*)
		_paddock_names "$cur"
		_paddock_images "$cur"
		;;
	cd:*)
		case $COMP_CWORD in
		2) _paddock_names "$cur" ;;
		3) compgen -W $'insert\neject' -- "$cur" ;;
		4) compgen -f -- "$cur" ;;
		esac
		;;
	disk:*)
		case $COMP_CWORD in
		2) _paddock_names "$cur" ;;
		3) compgen -W $'add\nremove\ngrow' -- "$cur" ;;
		4) compgen -f -- "$cur" ;;
		esac
		;;
	port:* | usb:*)
		case $COMP_CWORD in
		2) _paddock_names "$cur" ;;
		3) compgen -W $'add\nremove' -- "$cur" ;;
		esac
		;;
	rm:*)
		_paddock_names "$cur"
		compgen -d -- "$cur"
		;;
	restore:*) [ "$COMP_CWORD" -ne 2 ] || _paddock_trash "$cur" ;;
	history:*)
		case $COMP_CWORD in
		2) _paddock_names "$cur" ;;
		3) compgen -W $'show\ndiff\nrestore' -- "$cur" ;;
		esac
		;;
	import:*) compgen -f -- "$cur" ;;
	snapshot:*)
		case $COMP_CWORD in
		2) _paddock_names "$cur" ;;
		3) compgen -W $'list\ntake\nrevert\ndelete' -- "$cur" ;;
		esac
		;;
	clone:*) _paddock_names "$cur" ;;
	jobs:*) [ "$COMP_CWORD" -ne 2 ] || compgen -W cancel -- "$cur" ;;
	memory:*) [ "$COMP_CWORD" -ne 2 ] || _paddock_names "$cur" ;;
	link:*)
		case $COMP_CWORD in
		2) _paddock_names "$cur" ;;
		3) compgen -W $'up\ndown' -- "$cur" ;;
		esac
		;;
	*) compgen -d -- "$cur" ;;
	esac
}

_paddock() {
	local IFS=$'\n' cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}

	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(
			compgen -W $'run\nstart\nattach\nstop\nrestart\nkill\npause\nresume\nreset\nls\nstats\nlog\nargv\ncheck\ndiff\napply\nport\ncd\nusb\nmemory\nlink\ndisk\nclone\nsnapshot\njobs\nhistory\nrm\ntrash\nrestore\nimport\nreset-uefi\nhelp\n--help\n--version' -- "$cur"
			compgen -d -- "$cur"
		)
		return
	fi
	mapfile -t COMPREPLY < <(
		{ [ "$prev" = -- ] || ! _paddock_value "$prev" "$cur"; } && _paddock_words "${COMP_WORDS[1]}" "$cur"
	)
}

complete -o filenames -F _paddock paddock
