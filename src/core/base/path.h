/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_PATH_H
#define CORE_BASE_PATH_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/*
 * Paths as text. Only path_make_dirs, path_absolute, path_full, path_same,
 * path_same_file, path_home and the functions for links use the system. The caller frees the
 * results.
 */

/* As filepath.Clean in Go: "" is ".", "a/../b" is "b", "/.." is "/". */
char *path_clean(const char *path);
/* Returns DIR/NAME, cleaned; for an absolute NAME, only that. */
char *path_join(const char *dir, const char *name);
/* Replaces the ~ of "~" and "~/x" with HOME; copies anything else. */
char *path_expand(const char *path);
/* Returns true for "~" and "~/x" without a home directory, which path_expand leaves unchanged. */
bool path_lacks_home(const char *path);
/* Returns "~/x" for a path below HOME; copies anything else. */
char *path_shorten(const char *path);
/* Puts the working directory in front of a relative path, without cleaning it. */
char *path_absolute(const char *path);
/* The same, but cleaned, for comparisons. */
char *path_full(const char *path);
/*
 * Returns true if two paths refer to the same file or, if it does not exist (such as the prefix of a kernel), to the
 * same name in the same directory. Uses the system only if the texts differ.
 */
bool path_same(const char *a, const char *b);
/* Returns true only if both exist and are one file. */
bool path_same_file(const char *a, const char *b);
/* Returns the part after the last slash; borrowed from path. */
const char *path_base(const char *path);
/* Returns the part before the last slash; "." if there is none, "/" for "/x". */
char *path_parent(const char *path);
/* Returns "DIR/.paddock-NAME", under which a file is created before it is renamed. Only for locked directories. */
char *path_temporary(const char *path);
#define PATH_TEMPORARY ".paddock-"
/*
 * Returns the final target of a symbolic link, which need not exist; copies other paths. Stops at a link to a temporary
 * name, which stands for a file that is being created.
 */
char *path_link_target(const char *path);
/* Returns true if the final target is such a link, so that the file is incomplete. */
bool path_is_unfinished(const char *path);
/* Returns HOME, or else the home directory in the password database, cleaned; NULL if neither is known. */
char *path_home(void);
/* Returns $VARIABLE/paddock if the variable is set and absolute (XDG base directories), or else ~/FALLBACK/paddock. */
char *path_xdg(const char *variable, const char *fallback);
/* Returns the path of NAME in paddock's directory below $XDG_STATE_HOME; NULL without a home directory. */
char *path_state(const char *name);

/*
 * As mkdir -p, for each component as written ("a/../b" also creates a).
 * Accepts existing directories of any mode.
 */
bool path_make_dirs(const char *path, mode_t mode, struct error *);

#endif
