/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/iso.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"

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

static bool iso_failed(int code, const char *what, struct error *err)
{
	return error_set(err, "%s: %s", what, iso_error_to_msg(code));
}

static bool add_file(IsoImage *image, const char *name, const void *bytes, size_t len, struct error *err)
{
	/* libisofs frees it, and does not accept NULL even for an empty file */
	unsigned char *copy = mem_alloc(len + 1);
	IsoStream *stream;
	IsoFile *file;
	int code;

	memcpy(copy, bytes, len);
	code = iso_memory_stream_new(copy, len, &stream);
	if (code < 0) {
		free(copy);
		return iso_failed(code, name, err);
	}
	code = iso_tree_add_new_file(iso_image_get_root(image), name, stream, &file);
	if (code < 0) {
		iso_stream_unref(stream);
		return iso_failed(code, name, err);
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

static bool write_image(IsoImage *image, int fd, struct error *err)
{
	struct burn_source *source = NULL;
	IsoWriteOpts *opts = NULL;
	bool good = false;
	int code = iso_write_opts_new(&opts, 0);

	if (code >= 0) {
		iso_write_opts_set_rockridge(opts, 1);
		iso_write_opts_set_joliet(opts, 1);
		iso_write_opts_set_relaxed_vol_atts(opts, 1);	/* allows a label in lower case */
		iso_write_opts_set_fifo_size(opts, 32);	/* in sectors; the minimum */
		code = iso_image_create_burn_source(image, opts, &source);
	}
	if (code >= 0) {
		good = copy_out(source, fd, err);
		source->free_data(source);
		free(source);
	} else {
		iso_failed(code, "making the image", err);
	}
	iso_write_opts_free(opts);
	return good;
}

static bool make_image(int fd, const void *bytes, size_t len, const char *meta, struct error *err)
{
	char quiet[] = "NEVER", tag[] = "";
	int code = iso_init();
	IsoImage *image;
	bool good;

	if (code < 0)
		return iso_failed(code, "libisofs", err);
	iso_set_msgs_severities(quiet, quiet, tag);
	code = iso_image_new(VOLUME_LABEL, &image);
	if (code < 0) {
		good = iso_failed(code, "making the image", err);
	} else {
		good = add_file(image, "config", bytes, len, err) &&
		       (!meta || (add_file(image, "user-data", bytes, len, err) &&
		                  add_file(image, "meta-data", meta, strlen(meta), err))) &&
		       write_image(image, fd, err);
		iso_image_unref(image);
	}
	iso_finish();
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
