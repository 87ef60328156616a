/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_QMP_FORWARD_H
#define CORE_KEEPER_RUN_QMP_FORWARD_H

struct qemu_process;
struct serve;

/*
 * Executes a QMP command for a client and replies to its request with the result of QEMU. Replies immediately with an
 * error if there is no QEMU yet (NULL) or it does not answer.
 */
void forward(struct serve *, struct qemu_process *, const char *command, unsigned peer, unsigned id);

#endif
