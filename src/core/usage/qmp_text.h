/* SPDX-License-Identifier: MIT */
#ifndef CORE_USAGE_QMP_TEXT_H
#define CORE_USAGE_QMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Figures of a guest in what QEMU returned: the results of QMP commands, as JSON text. Pure. Of a text that is something
 * else, the functions find nothing.
 */
#define GUEST_BLOCKS 32

/* What the guest has done with a block device since the start of QEMU. */
struct guest_block {
	char device[64];		/* QEMU's name */
	uint64_t read, written;		/* bytes */
	uint64_t reads, writes;		/* operations */
};

/* query-blockstats. Devices without a name, and those that were not used, are left out. Returns how many there are. */
size_t qmp_blocks_parse(const char *json, struct guest_block out[GUEST_BLOCKS]);

/*
 * The output of "info usernet": an address of the guest in its table of connections, in QEMU's default network 10.0.2.0/24.
 * Returns false if the guest has no connection.
 */
bool qmp_usernet_parse(const char *json, char address[16]);

#endif
