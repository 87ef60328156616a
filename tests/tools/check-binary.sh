#!/bin/sh
# SPDX-License-Identifier: MIT
# check-binary.sh PROGRAM OBJECT [FLAG...]: fail unless the program was built so that a fault in it is hard to use.
# OBJECT is one of its parts: the linker drops marks that the C library's own start files do not have.
# FLAG: what the compiler was found to take, for what not every one has; isofs-loaded: libisofs must not come with the program.
set -eu
program=$1 object=$2
shift 2
export LC_ALL=C
headers=$(readelf -hlW "$program")
dynamic=$(readelf -dW "$program")
symbols=$(readelf --dyn-syms -W "$program")
notes=$(readelf -nW "$object")
status=0

# has WHAT TEXT PATTERN
has() {
	if ! printf '%s\n' "$2" | grep -Eq "$3"; then
		echo "check-binary: $program: $1" >&2
		status=1
	fi
}

has 'is loaded at a fixed address (no PIE)' "$headers" 'Type: +DYN'
has 'has relocations that stay writable (no RELRO)' "$headers" 'GNU_RELRO'
has 'resolves symbols while it runs (no BIND_NOW)' "$dynamic" 'BIND_NOW|FLAGS_1.* NOW'
has 'has an executable stack' "$headers" 'GNU_STACK +([^ ]+ +){5}RW '
if printf '%s\n' "$headers" | grep -Eq '^ +LOAD .* RWE '; then
	echo "check-binary: $program: has memory that is both writable and executable" >&2
	status=1
fi
# musl has neither of the next two, or inlines them.
case $symbols in
*@GLIBC_*) has 'has no checked string functions (no FORTIFY)' "$symbols" '__(v?f|v?s|v?sn)printf_chk|__mem(cpy|move|set)_chk' ;;
esac
for flag; do
	case $flag in
	-fstack-protector-strong) has 'does not protect its stack' "$symbols" '__stack_chk_fail' ;;
	-fcf-protection) has 'does not mark targets of jumps (no CET)' "$notes" 'x86 feature:.*IBT.*SHSTK' ;;
	isofs-loaded)
		if printf '%s\n' "$dynamic" | grep -Eq 'NEEDED.*libisofs'; then
			echo "check-binary: $program: loads libisofs at every start" >&2
			status=1
		fi
		;;
	-mbranch-protection=standard) has 'does not mark targets of jumps (no BTI)' "$notes" 'AArch64 feature:.*BTI' ;;
	esac
done
exit $status
