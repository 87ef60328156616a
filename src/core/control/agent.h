/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_AGENT_H
#define CORE_CONTROL_AGENT_H

#include "core/control/control.h"

#include <stddef.h>
#include <stdint.h>

/*
 * What the guest agent (qemu-ga) in a running VM can say and do. Everything in
 * here was written by the guest: texts are shortened and have no control
 * characters, addresses are addresses, and all of it may be untrue.
 */
enum { GUEST_TEXT = 96, GUEST_ADDRESSES = 32, GUEST_FILESYSTEMS = 32 };

struct guest_address {
	char interface[32];
	char address[46];	/* IPv4 or IPv6 */
	unsigned prefix;	/* length in bits */
};

struct guest_filesystem {
	char place[GUEST_TEXT];	/* where it is mounted: "/home", "C:\" */
	char type[32];
	uint64_t used, total;	/* bytes; both 0 if not known */
};

struct guest_info {
	char host_name[GUEST_TEXT];	/* "" if not known, as the next two */
	char system[GUEST_TEXT];	/* "Debian GNU/Linux 12 (bookworm)" */
	char kernel[GUEST_TEXT];	/* its release */
	struct guest_address addresses[GUEST_ADDRESSES];	/* without loopback; those that reach only the link come last */
	size_t address_count;
	struct guest_filesystem filesystems[GUEST_FILESYSTEMS];
	size_t filesystem_count;
};

/*
 * Reads the result of a command of the agent into the info: guest-get-host-name, guest-get-osinfo,
 * guest-network-get-interfaces or guest-get-fsinfo. What is missing or of another kind is left as it was. Pure.
 */
void guest_info_read(struct guest_info *, const char *command, const char *result);

/* info: valid during the call; NULL, with err, if no agent runs or it does not answer. */
typedef void control_guest_fn(void *data, const struct guest_info *info, const struct error *err);
/* Asks for everything above. What an agent does not support is missing. At most about a minute, usually some ms. */
struct control_job *control_guest_info(const struct control_vm *, control_guest_fn *, void *data);

/* Asks whether an agent answers. */
struct control_job *control_guest_ping(const struct control_vm *, control_done_fn *, void *data);

enum guest_shutdown { GUEST_POWERDOWN, GUEST_REBOOT, GUEST_HALT };
/* Has the guest's system shut itself down. It is done when the agent has accepted it, not when the VM has ended. */
struct control_job *control_guest_shutdown(const struct control_vm *, enum guest_shutdown, control_done_fn *, void *data);

#endif
