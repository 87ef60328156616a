/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_VM_JSON_H
#define UI_CLI_VM_JSON_H

struct job_list;
struct vm_rows;

/* Prints the rows on stdout as an array of objects, as paddock(1) describes. */
void vm_rows_print_json(const struct vm_rows *);
/* The same for jobs. */
void jobs_print_json(const struct job_list *);

#endif
