/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_CONFIG_H
#define CORE_VM_CONFIG_H

#include "core/base/strv.h"

#include <stdbool.h>

/*
 * A VM as the user wrote it: the text of each setting, unchecked. INI files,
 * forms and the command line are all read into this; core/vm/spec.h turns
 * it into checked values. Only the table of settings knows their names,
 * defaults and meanings: files, forms, `--explain`, the manual page and
 * messages are generated from it.
 */
enum vm_setting {
	SET_UUID,
	SET_DESCRIPTION,
	SET_ARCH,
	SET_CPUS,
	SET_MEMORY,
	SET_CPU,
	SET_ACCEL,
	SET_BOOT_MODE,
	SET_IMAGE,
	SET_UEFI,
	SET_FIRMWARE,
	SET_BOOT_BUS,
	SET_BOOT_FORMAT,
	SET_NETWORK,
	SET_MAC,
	SET_PUBLISH,		/* repeatable */
	SET_DISK,		/* repeatable */
	SET_TRUST_BACKING,
	SET_FORCE_RAW,
	SET_SHARE,		/* repeatable */
	SET_USB,
	SET_DEVICE,		/* repeatable */
	SET_LIVE,		/* what later changes of a running VM need */
	SET_GUI,
	SET_DATA,
	SET_DATA_FILE,
	SET_NOCLOUD,		/* also write user-data and meta-data */
	SET_QEMU,
	SET_VIRTIOFSD,
	SET_QMP,		/* path of a second QMP socket, on which QEMU listens */
	SET_SANDBOX,
	SET_ARG,		/* repeatable */
	SET_STATE,
	VM_SETTINGS
};

struct setting {
	const char *section;	/* as in the INI file */
	const char *key;
	const char *option;	/* of `paddock run`, with its dashes; NULL if there is none */
	const char *fallback;	/* default, as shown to the user: "1", "the host's" */
	const char *meaning;	/* one line, imperative or noun, no full stop */
	const char *values;	/* allowed values, one line: "auto, tcg, kvm, kvm:tcg" */
	bool repeatable;
};

const struct setting *setting_info(enum vm_setting);
/* Returns VM_SETTINGS if there is no such key. Section and key are compared without regard to case. */
enum vm_setting setting_find(const char *section, const char *key);

enum config_origin {
	CONFIG_PROFILE,		/* a file or a form; a relative disk path is in the state directory */
	CONFIG_COMMAND_LINE	/* `run PATH`; relative paths start at the working directory */
};

struct vm_config {
	char *name;		/* of the profile; for `run PATH`, the last component of the image's path */
	enum config_origin origin;
	unsigned boot_excluded;	/* boot modes that the user excluded (`--iso=false`), as 1 << enum boot_mode */
	struct strv value[VM_SETTINGS];	/* count is 0 if not set, above 1 only for repeatable settings */
	struct strv unknown_keys;	/* one sentence for each unknown key in the file; see core/vm/unknown_key.h */
};

void vm_config_init(struct vm_config *, enum config_origin);
void vm_config_finish(struct vm_config *);	/* leaves it as vm_config_init does */
void vm_config_copy(struct vm_config *to, const struct vm_config *from);	/* `to` must be initialised */
bool vm_config_equal(const struct vm_config *, const struct vm_config *);	/* compares only the settings */

/* Converts settings from a command line for use in a profile: resolves relative paths against cwd and unsets empty options. */
void vm_config_absolute(struct vm_config *, const char *cwd);

/* Returns the (first) value, or NULL if the setting is not set. */
const char *vm_config_get(const struct vm_config *, enum vm_setting);
/* Replaces all values of the setting with this one; NULL unsets it. */
void vm_config_set(struct vm_config *, enum vm_setting, const char *text);
/* Adds a value to a repeatable setting. */
void vm_config_add(struct vm_config *, enum vm_setting, const char *text);

struct error;

/* Returns whether this can be the name of a profile: 1..64 bytes of letters, digits, '.', '_', '-', '+', '@',
 * UTF-8 letters, and spaces except at either end; no '/', no leading '.' or '-', no control characters. */
bool vm_name_check(const char *name, struct error *);

/* Writes the name of a setting for messages: "network.publish", or "--publish" on a command line. Returns buf. */
const char *setting_label(enum vm_setting, enum config_origin, char *buf, size_t size);

#endif
