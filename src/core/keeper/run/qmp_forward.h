/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_QMP_FORWARD_H
#define CORE_KEEPER_RUN_QMP_FORWARD_H

struct machine;
struct serve;

/*
 * Has QEMU execute a command of QMP for a client, whose request id is answered with QEMU's result: at once, with the
 * reason, where there is no QEMU yet (machine NULL) or it does not answer.
 */
void forward(struct serve *, struct machine *, const char *command, unsigned peer, unsigned id);

#endif
