/* SPDX-License-Identifier: MIT */
#include "store_home.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/vm/store.h"
#include "persist/atomic.h"
#include "persist/store_files.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

int store_home_make(void **state)
{
	struct home *home = mem_alloc(sizeof(*home));

	snprintf(home->path, sizeof(home->path), "/tmp/paddock-store-XXXXXX");
	if (!mkdtemp(home->path))
		return -1;
	snprintf(home->vms, sizeof(home->vms), "%s/.config/paddock/vms", home->path);
	setenv("HOME", home->path, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	home->store = store_files_new(NULL);
	*state = home;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int store_home_remove(void **state)
{
	struct home *home = *state;

	store_files_free(home->store);
	nftw(home->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(home);
	return 0;
}

void store_home_put(const struct home *home, const char *name, const char *text)
{
	struct error err = { 0 };
	char *path = home->store->path(home->store, name);

	if (!path_make_dirs(home->vms, 0700, &err) || !atomic_write(path, text, strlen(text), ATOMIC_FAST, &err))
		fail_msg("%s", err.text);
	free(path);
}

struct vm_config store_home_named(const char *name)
{
	struct vm_config config;

	vm_config_init(&config, CONFIG_PROFILE);
	config.name = mem_strdup(name);
	return config;
}
