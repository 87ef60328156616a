/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_QMP_FORWARD_H
#define CORE_KEEPER_RUN_QMP_FORWARD_H

struct machine;
struct serve;

/*
 * Executes a QMP command for a client and replies to its request with the result of QEMU. Replies immediately with an
 * error if there is no QEMU yet (NULL) or it does not answer.
 */
void forward(struct serve *, struct machine *, const char *command, unsigned peer, unsigned id);

#endif
