/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "core/vm/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/*
 * Configurations with something wrong in them, and every word that is said
 * about it. The image is /vm/web where a row names none.
 */
#define PROFILE CONFIG_PROFILE
#define LINE CONFIG_COMMAND_LINE

static const struct {
	enum config_origin origin;
	struct {
		enum vm_setting setting;
		const char *text;
	} values[6];
	const char *said;
} rows[] = {
	{ PROFILE, { { SET_UUID, "1b4e28ba-2fa1-11d2-883f" } },
	  "vm.uuid: '1b4e28ba-2fa1-11d2-883f' is not a UUID, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427" },
	{ PROFILE, { { SET_UUID, "1b4e28ba2fa111d2883f0016d3cca427" } },
	  "vm.uuid: '1b4e28ba2fa111d2883f0016d3cca427' is not a UUID, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427" },
	{ PROFILE, { { SET_UUID, "00000000-0000-0000-0000-000000000000" } },
	  "vm.uuid: the all-zero UUID is not allowed; leave it out to have one generated" },
	{ PROFILE, { { SET_ARCH, "sparc" } },
	  "vm.arch: 'sparc' is not one of x86_64, aarch64, s390x, riscv64" },
	{ PROFILE, { { SET_ARCH, "amd64" } },
	  "vm.arch: 'amd64' is not a known architecture; use x86_64" },
	{ LINE, { { SET_ARCH, "arm64" } },
	  "--arch: 'arm64' is not a known architecture; use aarch64" },
	{ LINE, { { SET_ARCH, "" } },
	  "--arch: '' is not one of x86_64, aarch64, s390x, riscv64" },
	{ PROFILE, { { SET_ARCH, "X86_64" } },
	  "vm.arch: 'X86_64' is not a known architecture; use x86_64" },
	{ LINE, { { SET_CPUS, "0" } },
	  "--cpus: '0' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "-1" } },
	  "--cpus: '-1' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "two" } },
	  "--cpus: 'two' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "0x10" } },
	  "--cpus: '0x10' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "1_0" } },
	  "--cpus: '1_0' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "2,sockets=1" } },
	  "--cpus: '2,sockets=1' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "" } },
	  "--cpus: '' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "4097" } },
	  "--cpus: '4097' is not a number from 1 to 4096" },
	{ LINE, { { SET_CPUS, "99999999999999999999" } },
	  "--cpus: '99999999999999999999' is not a number from 1 to 4096" },
	{ PROFILE, { { SET_MEMORY, "0" } },
	  "vm.memory: '0': a size must be greater than zero" },
	{ PROFILE, { { SET_MEMORY, "1.5" } },
	  "vm.memory: '1.5' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_MEMORY, "1.5" } },
	  "--mem: '1.5' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_MEMORY, "99999999999999999999" } },
	  "--mem: '99999999999999999999' is too large; the limit is 8388607T" },
	{ LINE, { { SET_MEMORY, "-512" } },
	  "--mem: '-512' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ PROFILE, { { SET_MEMORY, "512k" } },
	  "vm.memory: '512k' is not a whole number of MiB" },
	{ PROFILE, { { SET_MEMORY, "1500K" } },
	  "vm.memory: '1500K' is not a whole number of MiB" },
	{ PROFILE, { { SET_MEMORY, "2GB" } },
	  "vm.memory: '2GB' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ PROFILE, { { SET_MEMORY, "8388608T" } },
	  "vm.memory: '8388608T' is too large; the limit is 8388607T" },
	{ LINE, { { SET_MEMORY, "" } },
	  "--mem: '' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ PROFILE, { { SET_CPU, "max, host" } },
	  "vm.cpu: 'max, host' is not a CPU model; it must not contain spaces" },
	{ PROFILE, { { SET_CPU, "-cpu host" } },
	  "vm.cpu: '-cpu host' is not a CPU model; it must not contain spaces" },
	{ PROFILE, { { SET_CPU, ",+avx" } },
	  "vm.cpu: ',+avx' does not begin with the name of a CPU model" },
	{ PROFILE, { { SET_ACCEL, "KVM" } },
	  "vm.accel: 'KVM' must be in lower case" },
	{ PROFILE, { { SET_ACCEL, "kvm:" } },
	  "vm.accel: '' is not an accelerator; use auto, kvm, tcg, or kvm:tcg to try one after the other" },
	{ PROFILE, { { SET_ACCEL, "kvm tcg" } },
	  "vm.accel: 'kvm tcg' is not an accelerator; use auto, kvm, tcg, or kvm:tcg to try one after the other" },
	{ LINE, { { SET_ACCEL, "kvm:fast" } },
	  "--accel: 'fast' is not an accelerator; use auto, kvm, tcg, or kvm:tcg to try one after the other" },
	{ PROFILE, { { SET_ACCEL, "auto:tcg" } },
	  "vm.accel: 'auto' is not an accelerator; use auto, kvm, tcg, or kvm:tcg to try one after the other" },
	{ PROFILE, { { SET_ACCEL, "kvm," } },
	  "vm.accel: options after an accelerator have the form KEY=VALUE, as in kvm,kernel-irqchip=off" },
	{ PROFILE, { { SET_ACCEL, "kvm,split" } },
	  "vm.accel: options after an accelerator have the form KEY=VALUE, as in kvm,kernel-irqchip=off" },
	{ PROFILE, { { SET_ACCEL, "kvm,a=" } },
	  "vm.accel: options after an accelerator have the form KEY=VALUE, as in kvm,kernel-irqchip=off" },
	{ PROFILE, { { SET_BOOT_MODE, "cdrom" } },
	  "boot.mode: 'cdrom' is not one of auto, disk, iso, kernel, squashfs" },
	{ PROFILE, { { SET_BOOT_MODE, "ISO" } },
	  "boot.mode: 'ISO' is not one of auto, disk, iso, kernel, squashfs" },
	{ PROFILE, { { SET_IMAGE, "" } },
	  "boot.image: no image; give a disk image, an ISO or the prefix of a kernel" },
	{ LINE, { { SET_IMAGE, "" } },
	  "PATH: no image; give a disk image, an ISO or the prefix of a kernel" },
	{ PROFILE, { { SET_IMAGE, "web.qcow2" } },
	  "boot.image: 'web.qcow2' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_IMAGE, "./web.qcow2" } },
	  "boot.image: './web.qcow2' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_IMAGE, "~joe/web.qcow2" } },
	  "boot.image: '~joe/web.qcow2' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_UEFI, "maybe" } },
	  "boot.uefi: 'maybe' is not a boolean; use yes or no" },
	{ PROFILE, { { SET_UEFI, "ja" } },
	  "boot.uefi: 'ja' is not a boolean; use yes or no" },
	{ PROFILE, { { SET_FIRMWARE, "OVMF.fd" }, { SET_UEFI, "yes" } },
	  "boot.firmware: 'OVMF.fd' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_FIRMWARE, "/f/OVMF.fd" } },
	  "boot.firmware: not used without uefi = yes" },
	{ PROFILE, { { SET_NETWORK, "bridged" } },
	  "network.mode: 'bridged' is not a network mode; did you mean bridge,NAME?" },
	{ LINE, { { SET_NETWORK, "User" } },
	  "--networking: 'User' must be in lower case: user" },
	{ LINE, { { SET_NETWORK, "TAP,tap0" } },
	  "--networking: 'TAP' must be in lower case: tap" },
	{ LINE, { { SET_NETWORK, "user,x" } },
	  "--networking: nothing may follow 'user'" },
	{ LINE, { { SET_NETWORK, "none," } },
	  "--networking: nothing may follow 'none'" },
	{ LINE, { { SET_NETWORK, "default,x" } },
	  "--networking: nothing may follow 'default'" },
	{ LINE, { { SET_NETWORK, "tap" } },
	  "--networking: 'tap' needs an interface name, as in tap,tap0" },
	{ LINE, { { SET_NETWORK, "bridge" } },
	  "--networking: 'bridge' needs an interface name, as in bridge,br0" },
	{ LINE, { { SET_NETWORK, "tap," } },
	  "--networking: the interface name is empty" },
	{ LINE, { { SET_NETWORK, "tap,my tap" } },
	  "--networking: invalid interface name 'my tap'; '/', ':' and spaces are not allowed" },
	{ LINE, { { SET_NETWORK, "tap, tap0" } },
	  "--networking: invalid interface name ' tap0'; '/', ':' and spaces are not allowed" },
	{ LINE, { { SET_NETWORK, "tap,a/b" } },
	  "--networking: invalid interface name 'a/b'; '/', ':' and spaces are not allowed" },
	{ LINE, { { SET_NETWORK, "bridge,.." } },
	  "--networking: invalid interface name '..'; '/', ':' and spaces are not allowed" },
	{ LINE, { { SET_NETWORK, "bridge,sixteen-bytes-br" } },
	  "--networking: interface name 'sixteen-bytes-br' is too long; the limit is 15 bytes" },
	{ LINE, { { SET_NETWORK, "bridge,br0," } },
	  "--networking: nothing follows the last comma" },
	{ LINE, { { SET_NETWORK, ",tap0" } },
	  "--networking: '' is not a network mode; use user, tap,NAME, bridge,NAME or none" },
	{ PROFILE, { { SET_MAC, "525400123456" } },
	  "network.mac: '525400123456' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "52:54:00:12:34" } },
	  "network.mac: '52:54:00:12:34' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "52:54:00-12:34:56" } },
	  "network.mac: '52:54:00-12:34:56' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "52:54:00:12:34:56:78:9a" } },
	  "network.mac: '52:54:00:12:34:56:78:9a' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "5254.0012.345" } },
	  "network.mac: '5254.0012.345' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "5254:0012:3456" } },
	  "network.mac: '5254:0012:3456' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "52.54.00.12.34.56" } },
	  "network.mac: '52.54.00.12.34.56' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "52:54:00:12:34:5g" } },
	  "network.mac: '52:54:00:12:34:5g' is not a MAC address, such as 52:54:00:12:34:56" },
	{ PROFILE, { { SET_MAC, "53:54:00:12:34:56" } },
	  "network.mac: '53:54:00:12:34:56' is a multicast address; the second digit must be even" },
	{ PROFILE, { { SET_MAC, "ff:ff:ff:ff:ff:ff" } },
	  "network.mac: 'ff:ff:ff:ff:ff:ff' is a multicast address; the second digit must be even" },
	{ PROFILE, { { SET_MAC, "00:00:00:00:00:00" } },
	  "network.mac: '00:00:00:00:00:00' is not a usable MAC address; at least one digit must not be zero" },
	{ PROFILE, { { SET_MAC, "52:54:00:12:34:56" }, { SET_NETWORK, "none" } },
	  "network.mac: not used with network mode none" },
	{ LINE, { { SET_PUBLISH, "" } },
	  "--publish: '' is not a port mapping; write [address:]host:guest[/tcp|udp], such as 8080:80 or 127.0.0.1:5353:53/udp" },
	{ LINE, { { SET_PUBLISH, "8080" } },
	  "--publish: '8080' is not a port mapping; write [address:]host:guest[/tcp|udp], such as 8080:80 or 127.0.0.1:5353:53/udp" },
	{ LINE, { { SET_PUBLISH, "http:80" } },
	  "--publish: host port 'http' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "8080:http" } },
	  "--publish: guest port 'http' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "0:80" } },
	  "--publish: host port '0' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "8080:0" } },
	  "--publish: guest port '0' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "65536:80" } },
	  "--publish: host port '65536' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "8000-8010:80-90" } },
	  "--publish: '8000-8010' is a range, but QEMU forwards single ports; publish each port separately" },
	{ LINE, { { SET_PUBLISH, "127.0.0.1:8080:80-90/udp" } },
	  "--publish: '80-90' is a range, but QEMU forwards single ports; publish each port separately" },
	{ LINE, { { SET_PUBLISH, "8000-:80" } },
	  "--publish: host port '8000-' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "-1:80" } },
	  "--publish: host port '-1' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "+80:80" } },
	  "--publish: host port '+80' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, " 8080:80" } },
	  "--publish: host port ' 8080' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "8080: 80" } },
	  "--publish: guest port ' 80' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, ":80" } },
	  "--publish: host port '' is not a number from 1 to 65535" },
	{ LINE, { { SET_PUBLISH, "8080:80:90" } },
	  "--publish: '8080' is not an IPv4 address, such as 127.0.0.1" },
	{ LINE, { { SET_PUBLISH, "8080:80/sctp" } },
	  "--publish: 'sctp' is not a protocol; use tcp or udp" },
	{ LINE, { { SET_PUBLISH, "8080:80/" } },
	  "--publish: '' is not a protocol; use tcp or udp" },
	{ LINE, { { SET_PUBLISH, "8080:80/udp/x" } },
	  "--publish: 'udp/x' is not a protocol; use tcp or udp" },
	{ LINE, { { SET_PUBLISH, "tcp:8080:80" } },
	  "--publish: the protocol comes last, as in 8080:80/tcp" },
	{ LINE, { { SET_PUBLISH, "localhost:8080:80" } },
	  "--publish: 'localhost' is not an IPv4 address, such as 127.0.0.1" },
	{ LINE, { { SET_PUBLISH, "127.0.0.256:8080:80" } },
	  "--publish: '127.0.0.256' is not an IPv4 address, such as 127.0.0.1" },
	{ LINE, { { SET_PUBLISH, "[::1]:8080:80" } },
	  "--publish: QEMU forwards from IPv4 addresses only; use one such as 127.0.0.1, or leave the address out" },
	{ LINE, { { SET_PUBLISH, "::1:8080:80" } },
	  "--publish: '::1:8080:80' has too many colons; QEMU forwards from IPv4 addresses only, such as 127.0.0.1" },
	{ PROFILE, { { SET_PUBLISH, "8080:80" }, { SET_PUBLISH, "8080:81/tcp" } },
	  "network.publish: host port 8080/tcp is already published by '8080:80'" },
	{ PROFILE, { { SET_PUBLISH, "127.0.0.1:8080:80" }, { SET_PUBLISH, "5353:53/udp" }, { SET_PUBLISH, "0.0.0.0:8080:80" } },
	  "network.publish: host port 8080/tcp is already published by '127.0.0.1:8080:80'" },
	{ PROFILE, { { SET_PUBLISH, "8080:80" }, { SET_NETWORK, "none" } },
	  "network.publish: publishing a port requires network mode user" },
	{ LINE, { { SET_PUBLISH, "8080:80" }, { SET_NETWORK, "tap,tap0" } },
	  "--publish: publishing a port requires network mode user" },
	{ PROFILE, { { SET_PUBLISH, "bad" }, { SET_PUBLISH, "2222:22" }, { SET_PUBLISH, "2222:23" } },
	  "network.publish: 'bad' is not a port mapping; write [address:]host:guest[/tcp|udp], such as 8080:80 or 127.0.0.1:5353:53/udp\n"
	  "network.publish: host port 2222/tcp is already published by '2222:22'" },
	{ LINE, { { SET_DISK, "" } },
	  "--disk: a disk needs a file or a size, as in data.qcow2,size=4G" },
	{ LINE, { { SET_DISK, "format=qcow2" } },
	  "--disk: a disk needs a file or a size, as in data.qcow2,size=4G" },
	{ LINE, { { SET_DISK, "size=0" } },
	  "--disk: '0': a size must be greater than zero" },
	{ LINE, { { SET_DISK, "size=-5M" } },
	  "--disk: '-5M' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_DISK, "size=1GB" } },
	  "--disk: '1GB' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_DISK, "size= 1G" } },
	  "--disk: ' 1G' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_DISK, "size=0x10M" } },
	  "--disk: '0x10M' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_DISK, "size=M" } },
	  "--disk: 'M' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_DISK, "size=100B" } },
	  "--disk: '100B' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_DISK, "size=1.5G" } },
	  "--disk: '1.5G' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ LINE, { { SET_DISK, "size=9007199254740992G" } },
	  "--disk: '9007199254740992G' is too large; the limit is 8388607T" },
	{ LINE, { { SET_DISK, "a.img,b.img" } },
	  "--disk: 'b.img' is a second file, but a disk has only one; write a comma in a path as ',,'" },
	{ LINE, { { SET_DISK, "file=a.img,readonly" } },
	  "--disk: 'readonly' is a second file, but a disk has only one; write a comma in a path as ',,'" },
	{ LINE, { { SET_DISK, "file=a.img,readonly=on" } },
	  "--disk: unknown option 'readonly=on'; use file=, size=, format= or bus=, and write a path that contains '=' as file=PATH" },
	{ LINE, { { SET_DISK, "Size=1G" } },
	  "--disk: unknown option 'Size=1G'; did you mean size=?" },
	{ LINE, { { SET_DISK, "a=b.img" } },
	  "--disk: unknown option 'a=b.img'; use file=, size=, format= or bus=, and write a path that contains '=' as file=PATH" },
	{ LINE, { { SET_DISK, "a.img," } },
	  "--disk: nothing between two commas or after the last one; write a comma in a path as ',,'" },
	{ LINE, { { SET_DISK, ",a.img" } },
	  "--disk: nothing between two commas or after the last one; write a comma in a path as ',,'" },
	{ LINE, { { SET_DISK, "a.img,size=1G,format=qcow 2" } },
	  "--disk: 'qcow 2' is not a format name, such as qcow2 or raw" },
	{ LINE, { { SET_DISK, "a.img,bus=sata" } },
	  "--disk: 'sata' is not a bus; use ide" },
	{ LINE, { { SET_DISK, "a.img,bus=usb" } },
	  "--disk: 'usb' is not a bus; use ide, virtio, scsi or nvme" },
	{ LINE, { { SET_DISK, "a.img,sise=1G" } },
	  "--disk: unknown option 'sise=1G'; did you mean size=?" },
	{ LINE, { { SET_DISK, "a.img,if=virtio" } },
	  "--disk: unknown option 'if=virtio'; did you mean bus=?" },
	{ LINE, { { SET_BOOT_BUS, "usb" } },
	  "--boot-bus: 'usb' is not a bus; use ide, virtio, scsi or nvme" },
	{ PROFILE, { { SET_BOOT_BUS, "sata" } },
	  "boot.bus: 'sata' is not a bus; use ide" },
	{ LINE, { { SET_NETWORK, "nat" } },
	  "--networking: 'nat' is not a network mode; did you mean user?" },
	{ LINE, { { SET_NETWORK, "bridged,br0" } },
	  "--networking: 'bridged' is not a network mode; did you mean bridge,NAME?" },
	{ LINE, { { SET_PUBLISH, "8080:80:tcp" } },
	  "--publish: the protocol follows a slash, as in 8080:80/tcp" },
	{ LINE, { { SET_PUBLISH, "8080:80,8443:443" } },
	  "--publish: '8080:80,8443:443' contains a comma; publish each port separately" },
	{ LINE, { { SET_ACCEL, "KVM" } },
	  "--accel: 'KVM' must be in lower case" },
	{ LINE, { { SET_ARCH, "x86" } },
	  "--arch: 'x86' is not a known architecture; use x86_64" },
	{ PROFILE, { { SET_DISK, "/d/a.img" }, { SET_DISK, "/d/b.img" }, { SET_DISK, "/d/a.img" } },
	  "disks.disk: same file as disk 1, and QEMU can open it only once; remove one of them" },
	{ LINE, { { SET_IMAGE, "web.img" }, { SET_DISK, "./web.img" } },
	  "--disk: same file as the boot image, and QEMU can open it only once; remove this disk" },
	{ LINE, { { SET_DISK, "d//a.img" }, { SET_DISK, "d/./a.img,format=raw" } },
	  "--disk: same file as disk 1, and QEMU can open it only once; remove one of them" },
	{ PROFILE, { { SET_DISK, "/vm/web" } },
	  "disks.disk: same file as the boot image, and QEMU can open it only once; remove this disk" },
	{ PROFILE, { { SET_SHARE, "" } },
	  "shares.share: a share needs a directory, as in /home/me/src,tag=src" },
	{ PROFILE, { { SET_SHARE, "src" } },
	  "shares.share: 'src' is a relative path; write one that begins with / or ~/" },
	{ LINE, { { SET_SHARE, "a,b" } },
	  "--virtiofs: 'b' is not tag=NAME; write a comma in a path as ',,'" },
	{ LINE, { { SET_SHARE, "src," } },
	  "--virtiofs: '' is not tag=NAME; write a comma in a path as ',,'" },
	{ LINE, { { SET_SHARE, "src,tag=" } },
	  "--virtiofs: tag '' must be 1 to 36 bytes long" },
	{ LINE, { { SET_SHARE, "src,tag=a,tag=b" } },
	  "--virtiofs: 'b' is a second tag, but a share has only one" },
	{ LINE, { { SET_SHARE, "src,tag=0123456789012345678901234567890123456" } },
	  "--virtiofs: tag '0123456789012345678901234567890123456' must be 1 to 36 bytes long" },
	{ PROFILE, { { SET_SHARE, "/a,tag=src" }, { SET_SHARE, "/b,tag=src" } },
	  "shares.share: tag 'src' is already used by share 1" },
	{ PROFILE, { { SET_SHARE, "/a,tag=virtiofs1" }, { SET_SHARE, "/b" } },
	  "shares.share: tag 'virtiofs1' is already used by share 1" },
	{ PROFILE, { { SET_USB, "2" } },
	  "devices.usb: '2' is not a boolean; use yes or no" },
	{ PROFILE, { { SET_GUI, "Yes please" } },
	  "display.gui: 'Yes please' is not a boolean; use yes or no" },
	{ LINE, { { SET_DEVICE, "" } },
	  "--device: empty; QEMU will reject it" },
	{ PROFILE, { { SET_DATA, "x" }, { SET_DATA_FILE, "/f" } },
	  "metadata.data_file: data and a data file cannot be used together; keep one of them" },
	{ PROFILE, { { SET_DATA_FILE, "meta.json" } },
	  "metadata.data_file: 'meta.json' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_NOCLOUD, "perhaps" }, { SET_DATA, "x" } },
	  "metadata.nocloud: 'perhaps' is not a boolean; use yes or no" },
	{ PROFILE, { { SET_NOCLOUD, "yes" } },
	  "metadata.nocloud: not used without data or a data file" },
	{ PROFILE, { { SET_QEMU, "qemu-kvm" } },
	  "qemu.binary: 'qemu-kvm' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_VIRTIOFSD, "/v" } },
	  "qemu.virtiofsd: not used without a shared directory" },
	{ PROFILE, { { SET_VIRTIOFSD, "./v" }, { SET_SHARE, "/a" } },
	  "qemu.virtiofsd: './v' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_QMP, "qmp.sock" } },
	  "qemu.qmp: 'qmp.sock' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_QMP, "/qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq" } },
	  "qemu.qmp: the socket path is 108 bytes long; the limit is 107" },
	{ PROFILE, { { SET_STATE, "state" } },
	  "state.directory: 'state' is a relative path; write one that begins with / or ~/" },
	{ PROFILE, { { SET_CPUS, "none" }, { SET_MEMORY, "lots" }, { SET_PUBLISH, "x" }, { SET_NETWORK, "wifi" }, { SET_DISK, "size=big" } },
	  "vm.cpus: 'none' is not a number from 1 to 4096\n"
	  "vm.memory: 'lots' is not a size; write a whole number followed by K, M, G or T, such as 512M\n"
	  "network.mode: 'wifi' is not a network mode; use user, tap,NAME, bridge,NAME or none\n"
	  "network.publish: 'x' is not a port mapping; write [address:]host:guest[/tcp|udp], such as 8080:80 or 127.0.0.1:5353:53/udp\n"
	  "disks.disk: 'big' is not a size; write a whole number followed by K, M, G or T, such as 512M" },
	{ PROFILE, { { SET_DESCRIPTION, "any" }, { SET_CPUS, "a\nb\033[2J" } },
	  "vm.cpus: 'a?b?[2J' is not a number from 1 to 4096" },
	{ PROFILE, { { SET_NETWORK, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } },
	  "network.mode: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is not a network mode; use user, tap,NAME, bridge,NAME or none" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void configure(struct vm_config *config, size_t row)
{
	vm_config_init(config, rows[row].origin);
	vm_config_set(config, SET_IMAGE, "/vm/web");
	for (size_t i = 0; i < 6 && rows[row].values[i].text; i++) {
		enum vm_setting setting = rows[row].values[i].setting;

		if (setting_info(setting)->repeatable)
			vm_config_add(config, setting, rows[row].values[i].text);
		else
			vm_config_set(config, setting, rows[row].values[i].text);
	}
}

/* All that is wrong with a row, a line each. */
static char *complain(size_t row)
{
	struct vm_config config;
	struct vm_spec spec;
	struct problems problems = { 0 };
	struct str all;

	str_init(&all);
	configure(&config, row);
	vm_spec_read(&config, NULL, &spec, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		char *line = problem_line(&problems.items[i], config.origin);

		str_addf(&all, "%s%s", i ? "\n" : "", line);
		free(line);
	}
	problems_finish(&problems);
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	return str_detach(&all);
}

static void every_wrong_configuration_is_told_what_is_wrong(void **state)
{
	(void)state;
	for (size_t row = 0; row < ROWS; row++) {
		char *said = complain(row);

		assert_string_equal(said, rows[row].said);
		free(said);
	}
}

/* What is said fits a line of a terminal or a log and carries nothing that would act on it. */
static void complaints_are_plain_text(void **state)
{
	(void)state;
	for (size_t row = 0; row < ROWS; row++) {
		char *said = complain(row);

		assert_true(*said);
		for (const unsigned char *p = (unsigned char *)said; *p; p++)
			assert_true(*p == '\n' || (*p >= ' ' && *p != 0x7f));
		assert_false(text_ends(said, "."));
		free(said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wrong_configuration_is_told_what_is_wrong),
		cmocka_unit_test(complaints_are_plain_text),
	};

	return cmocka_run_group_tests_name("invalid", tests, NULL, NULL);
}
