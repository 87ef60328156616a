/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_PROFILE_DIR_H
#define PERSIST_PROFILE_DIR_H

#include "core/vm/store.h"

/* The directory of the profiles, one file each. The functions are those of struct store. */
struct profile_dir {
	char *path;		/* NULL without a home directory: there are no profiles, and saving fails */
	char *history;		/* root of their revisions (history.h); may be NULL */
	char *trash;		/* root of the deleted ones (trash.h); NULL: nothing can be deleted */
};

bool profile_dir_names(const struct profile_dir *, struct strv *out, struct error *);
bool profile_dir_load(const struct profile_dir *, const char *name, struct vm_config *, struct store_revision *,
                      struct error *);
enum store_outcome profile_dir_save(const struct profile_dir *, const struct vm_config *,
                                    const struct store_revision *expected, struct store_revision *now,
                                    struct error *);
char *profile_dir_preview(const struct profile_dir *, const struct vm_config *, struct error *);
char *profile_dir_text(const struct profile_dir *, const char *name, struct error *);
char *profile_dir_path(const struct profile_dir *, const char *name);
bool profile_dir_discard(const struct profile_dir *, const char *name, const char *state, char **id, struct error *);
bool profile_dir_undelete(const struct profile_dir *, const char *id, struct error *);
bool profile_dir_rename(const struct profile_dir *, const char *from, const char *to, struct error *);
bool profile_dir_keep(const struct profile_dir *, const char *name, unsigned *number, struct error *);
bool profile_dir_revisions(const struct profile_dir *, const char *name, struct revision_list *, struct error *);
char *profile_dir_revision_text(const struct profile_dir *, const char *name, unsigned number, struct error *);
bool profile_dir_restore(const struct profile_dir *, const char *name, unsigned number, struct error *);

#endif
