/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_PATH_H
#define CORE_BASE_PATH_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/*
 * Paths as text. Only path_make_dirs, path_absolute, path_full, path_same and
 * path_home look at the system. Results are the caller's.
 */

/* As Go's filepath.Clean: "" is ".", "a/../b" is "b", "/.." is "/". */
char *path_clean(const char *path);
/* Clean of DIR/NAME; an absolute NAME is only cleaned. */
char *path_join(const char *dir, const char *name);
/* "~" and "~/x" with HOME in front; anything else is copied. */
char *path_expand(const char *path);
/* "~" or "~/x", and there is no home: path_expand leaves it. */
bool path_lacks_home(const char *path);
/* "~/x" for a path below HOME; anything else is copied. */
char *path_shorten(const char *path);
/* Not resolved: the working directory in front of a relative path, not cleaned. */
char *path_absolute(const char *path);
/* The same, cleaned: how two paths are compared. */
char *path_full(const char *path);
/*
 * Whether two paths name one place, however they are spelled: the same file, or (what need not exist, such as a
 * kernel's prefix) the same name in the same directory. Looks at the system where the texts differ.
 */
bool path_same(const char *a, const char *b);
/* Part after the last slash; borrowed from path. */
const char *path_base(const char *path);
/* Part before the last slash, "." if there is none, "/" for "/x". */
char *path_parent(const char *path);
/* "DIR/.paddock-NAME": where a file is made before it takes its place. For directories that a process has to itself. */
char *path_temporary(const char *path);
#define PATH_TEMPORARY ".paddock-"
/*
 * Where a symbolic link leads to in the end, be it there or not; of everything else a copy. The caller's.
 * A file that is still being made has a link to its temporary name in its place: that place is the end then.
 */
char *path_link_target(const char *path);
/* Whether path, in the end, is such a place: whatever is there is not whole. */
bool path_is_unfinished(const char *path);
/* HOME, or the password file's, clean; NULL where neither is known. */
char *path_home(void);
/* $VARIABLE/paddock if it is set and absolute (XDG base directories), else ~/FALLBACK/paddock. */
char *path_xdg(const char *variable, const char *fallback);

/*
 * mkdir -p, component by component as written ("a/../b" makes a too).
 * Existing directories are fine, whatever their mode.
 */
bool path_make_dirs(const char *path, mode_t mode, struct error *);

#endif
