/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_QEMU_LINE_IMPL_H
#define CORE_IMPORT_QEMU_LINE_IMPL_H

/* For the files that read a command line of QEMU: qemu_line.c, qemu_options.c, qemu_drives.c, qemu_nics.c, qemu_boot.c. */
#include "core/import/imported.h"
#include "core/import/option_list.h"
#include "core/vm/spec.h"

#include <stddef.h>

struct qemu_option {
	const char *name;	/* with one dash; "" for an image without an option */
	char *value;		/* NULL: the option takes none */
	bool open;		/* nothing became of it yet: it will be kept */
	const char *remark;	/* for what is kept; NULL: none */
};

struct qemu_line {
	const char *cwd;
	struct qemu_option *options;	/* in order */
	size_t count;
	enum vm_arch arch;
	struct imported *out;
	bool boots_cd;			/* -boot asks for the CD first */
	bool has_window;		/* nothing keeps QEMU from opening one */
};

/* Marks the option as done, with a note that it is left out. reason: NULL, or why. */
void qemu_option_leave(struct qemu_line *, struct qemu_option *, const char *reason);
/* Marks the option as done, and sets what became of it. */
void qemu_option_become(struct qemu_line *, struct qemu_option *, enum vm_setting, const char *value, const char *remark);
/* Returns the next open option of this name after `after` (NULL: from the start); NULL if there is none. */
struct qemu_option *qemu_option_next(struct qemu_line *, const char *name, const struct qemu_option *after);
/* Returns the open option of this name whose list has key=value; NULL if there is none. */
struct qemu_option *qemu_option_with(struct qemu_line *, const char *name, const char *key, const char *value);
/* Returns the absolute path; NULL if it is something else than a file's name, such as nbd://host. The caller frees it. */
char *qemu_line_path(const struct qemu_line *, const char *path);

/* Each reads its options and marks those as done that became a setting or are left out. */
void qemu_options_read(struct qemu_line *);		/* memory, processors, machine, display, monitors */
void qemu_flash_read(struct qemu_line *);
void qemu_drives_read(struct qemu_line *);
void qemu_nics_read(struct qemu_line *);
void qemu_kernel_read(struct qemu_line *);

#endif
