/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/iso.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBISOFS_WITHOUT_LIBBURN	/* its header then declares struct burn_source itself */
#include <libisofs/libisofs.h>

#define SECTOR 2048
#define VOLUME_LABEL "cidata"		/* the label that cloud-init and pkg/metadata search for */

/*
 * The functions of libisofs. It is loaded when a CD is made and not with the
 * program: with the five libraries that it needs in turn, loading it is a
 * quarter of the time until a keeper's `main`.
 */
struct isofs {
	__typeof__(iso_error_to_msg) *error_to_msg;
	__typeof__(iso_finish) *finish;
	__typeof__(iso_image_create_burn_source) *image_create_burn_source;
	__typeof__(iso_image_get_root) *image_get_root;
	__typeof__(iso_image_new) *image_new;
	__typeof__(iso_image_unref) *image_unref;
	__typeof__(iso_init) *init;
	__typeof__(iso_memory_stream_new) *memory_stream_new;
	__typeof__(iso_set_msgs_severities) *set_msgs_severities;
	__typeof__(iso_stream_unref) *stream_unref;
	__typeof__(iso_tree_add_new_file) *tree_add_new_file;
	__typeof__(iso_write_opts_free) *write_opts_free;
	__typeof__(iso_write_opts_new) *write_opts_new;
	__typeof__(iso_write_opts_set_fifo_size) *write_opts_set_fifo_size;
	__typeof__(iso_write_opts_set_joliet) *write_opts_set_joliet;
	__typeof__(iso_write_opts_set_relaxed_vol_atts) *write_opts_set_relaxed_vol_atts;
	__typeof__(iso_write_opts_set_rockridge) *write_opts_set_rockridge;
};

/* A program that is linked statically cannot load libraries (make ISOFS=link). */
#ifdef ISOFS_LINKED
#define SYMBOL(name) { "iso_" #name, (void (*)(void))iso_##name, offsetof(struct isofs, name) }
#else
#define SYMBOL(name) { "iso_" #name, NULL, offsetof(struct isofs, name) }
#endif

static const struct {
	const char *name;
	void (*linked)(void);
	size_t offset;
} symbols[] = {
	SYMBOL(error_to_msg), SYMBOL(finish), SYMBOL(image_create_burn_source), SYMBOL(image_get_root), SYMBOL(image_new),
	SYMBOL(image_unref), SYMBOL(init), SYMBOL(memory_stream_new), SYMBOL(set_msgs_severities), SYMBOL(stream_unref),
	SYMBOL(tree_add_new_file), SYMBOL(write_opts_free), SYMBOL(write_opts_new), SYMBOL(write_opts_set_fifo_size),
	SYMBOL(write_opts_set_joliet), SYMBOL(write_opts_set_relaxed_vol_atts), SYMBOL(write_opts_set_rockridge),
};
#define SYMBOLS (sizeof(symbols) / sizeof(symbols[0]))

#ifdef ISOFS_LINKED
static bool isofs_load(struct isofs *iso, struct error *err)
{
	(void)err;
	for (size_t i = 0; i < SYMBOLS; i++)
		memcpy((char *)iso + symbols[i].offset, &symbols[i].linked, sizeof(symbols[i].linked));
	return true;
}
#else
#define LIBRARY "libisofs.so.6"	/* of every libisofs-1 */

/* It stays loaded: the process that makes a CD does nothing else. */
static bool isofs_load(struct isofs *iso, struct error *err)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return error_set(err, "cannot load libisofs, which writes metadata; install it (%s)", dlerror());
	for (size_t i = 0; i < SYMBOLS; i++) {
		void *address = dlsym(library, symbols[i].name);

		if (!address)
			return error_set(err, "cannot use this libisofs; install another version (%s)", dlerror());
		memcpy((char *)iso + symbols[i].offset, &address, sizeof(address));
	}
	return true;
}
#endif

static bool iso_failed(const struct isofs *iso, int code, const char *what, struct error *err)
{
	return error_set(err, "%s: %s", what, iso->error_to_msg(code));
}

/* A file on the CD. */
struct content {
	const char *name;
	const void *bytes;
	size_t len;
};

static bool add_file(const struct isofs *iso, IsoImage *image, const struct content *content, struct error *err)
{
	/* libisofs frees it, and does not accept NULL even for an empty file */
	unsigned char *copy = mem_alloc(content->len + 1);
	IsoStream *stream;
	IsoFile *file;
	int code;

	memcpy(copy, content->bytes, content->len);
	code = iso->memory_stream_new(copy, content->len, &stream);
	if (code < 0) {
		free(copy);
		return iso_failed(iso, code, content->name, err);
	}
	code = iso->tree_add_new_file(iso->image_get_root(image), content->name, stream, &file);
	if (code < 0) {
		iso->stream_unref(stream);
		return iso_failed(iso, code, content->name, err);
	}
	return true;
}

static bool copy_out(struct burn_source *source, int fd, struct error *err)
{
	unsigned char sector[SECTOR];
	int got;

	while ((got = source->read_xt(source, sector, SECTOR)) > 0) {
		ssize_t done = write(fd, sector, (size_t)got);

		if (done == got)
			continue;
		if (done >= 0)
			errno = ENOSPC;
		source->cancel(source);
		return error_errno(err, "writing");
	}
	return got == 0 || error_set(err, "cannot create the image");
}

static bool write_image(const struct isofs *iso, IsoImage *image, int fd, struct error *err)
{
	struct burn_source *source = NULL;
	IsoWriteOpts *opts = NULL;
	bool good = false;
	int code = iso->write_opts_new(&opts, 0);

	if (code >= 0) {
		iso->write_opts_set_rockridge(opts, 1);
		iso->write_opts_set_joliet(opts, 1);
		iso->write_opts_set_relaxed_vol_atts(opts, 1);	/* allows a label in lower case */
		iso->write_opts_set_fifo_size(opts, 32);	/* in sectors; the minimum */
		code = iso->image_create_burn_source(image, opts, &source);
	}
	if (code >= 0) {
		good = copy_out(source, fd, err);
		source->free_data(source);
		free(source);
	} else {
		iso_failed(iso, code, "making the image", err);
	}
	iso->write_opts_free(opts);
	return good;
}

static bool make_image(int fd, const void *bytes, size_t len, const char *meta, struct error *err)
{
	const struct content files[] = {
		{ "config", bytes, len }, { "user-data", bytes, len }, { "meta-data", meta, meta ? strlen(meta) : 0 },
	};
	char quiet[] = "NEVER", tag[] = "";
	struct isofs functions = { 0 };
	const struct isofs *iso = &functions;
	IsoImage *image;
	bool good = true;

	if (!isofs_load(&functions, err))
		return false;

	int code = iso->init();

	if (code < 0)
		return iso_failed(iso, code, "libisofs", err);
	iso->set_msgs_severities(quiet, quiet, tag);
	code = iso->image_new(VOLUME_LABEL, &image);
	if (code < 0) {
		good = iso_failed(iso, code, "making the image", err);
	} else {
		for (size_t i = 0; good && i < (meta ? 3 : 1); i++)
			good = add_file(iso, image, &files[i], err);
		good = good && write_image(iso, image, fd, err);
		iso->image_unref(image);
	}
	iso->finish();
	return good;
}

/* Atomic, and readable only by the user, because metadata may be secret. */
bool iso_write_metadata(const char *path, const void *bytes, size_t len, const char *meta, struct error *err)
{
	char *temporary = path_temporary(path);
	bool good;
	int fd;

	unlink(temporary);	/* left by an interrupted start */
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		free(temporary);
		return error_errno(err, "%s", path);
	}
	good = make_image(fd, bytes, len, meta, err);
	if (close(fd) < 0 && good)
		good = error_errno(err, "writing");
	if (good && rename(temporary, path) < 0)
		good = error_errno(err, "renaming");
	if (!good) {
		unlink(temporary);
		error_prefix(err, "%s", path);
	}
	free(temporary);
	return good;
}
