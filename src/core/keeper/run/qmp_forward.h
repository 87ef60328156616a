/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_QMP_FORWARD_H
#define CORE_KEEPER_RUN_QMP_FORWARD_H

#include <stdbool.h>

struct qemu_process;
struct run_events;
struct serve;

/*
 * Executes a QMP command for a client and replies to its request with the result of QEMU. Replies immediately with an
 * error if there is no QEMU yet (NULL) or it does not answer. arguments: a JSON object, or NULL. wants_result: the
 * client also gets what QEMU returned. QEMU cannot be asked for the link of the network card, so this notes in events
 * what a client has set; NULL: it is not noted.
 */
void forward(struct serve *, struct qemu_process *, const char *command, const char *arguments, unsigned peer, unsigned id,
             bool wants_result, struct run_events *);
/* The same for a command of the guest agent; always with its result. */
void forward_to_agent(struct serve *, struct qemu_process *, const char *command, const char *arguments, unsigned peer,
                      unsigned id);

#endif
