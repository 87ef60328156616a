/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_CONFIG_H
#define CORE_VM_CONFIG_H

#include "core/base/strv.h"

#include <stdbool.h>

/*
 * A VM as its owner wrote it: for each setting the texts, unchecked. The
 * INI file, a form and the command line all become this; core/vm/spec.h
 * turns it into checked values. The table of settings is the one place
 * that knows names, defaults and meanings: files, forms, `--explain`, the
 * manual page and messages are made from it.
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
	SET_GUI,
	SET_DATA,
	SET_DATA_FILE,
	SET_NOCLOUD,		/* also write user-data and meta-data */
	SET_QEMU,
	SET_VIRTIOFSD,
	SET_QMP,		/* path of a second, listening QMP socket */
	SET_SANDBOX,
	SET_ARG,		/* repeatable */
	SET_STATE,
	VM_SETTINGS
};

struct setting {
	const char *section;	/* as in the INI file */
	const char *key;
	const char *option;	/* of `paddock run`, with its dashes; NULL: none */
	const char *fallback;	/* what not set means, for people: "1", "the host's" */
	const char *meaning;	/* one line, imperative or noun, no full stop */
	const char *values;	/* what may stand there, one line: "auto, tcg, kvm, kvm:tcg" */
	bool repeatable;
};

const struct setting *setting_info(enum vm_setting);
/* VM_SETTINGS when there is no such key; both are compared without case. */
enum vm_setting setting_find(const char *section, const char *key);

/* Which boot modes the user ruled out (`--iso=false`): 1 << enum boot_mode. */
enum config_origin {
	CONFIG_PROFILE,		/* a file or a form: a relative disk is in the state directory */
	CONFIG_COMMAND_LINE	/* `run PATH`: relative paths are the shell's */
};

struct vm_config {
	char *name;		/* the profile's, or for a quick launch the image's last component */
	enum config_origin origin;
	unsigned boot_excluded;
	struct strv value[VM_SETTINGS];	/* count 0: not set; > 1 only where repeatable */
	struct strv strays;	/* what its file says that is no setting, a sentence each: core/vm/stray.h */
};

void vm_config_init(struct vm_config *, enum config_origin);
void vm_config_finish(struct vm_config *);	/* leaves it as after init */
void vm_config_copy(struct vm_config *to, const struct vm_config *from);	/* to: initialised */
bool vm_config_equal(const struct vm_config *, const struct vm_config *);	/* settings only */

/* A command line's settings become a profile's: relative paths are taken from cwd, options that are empty are not set. */
void vm_config_absolute(struct vm_config *, const char *cwd);

/* The value, or NULL when not set. */
const char *vm_config_get(const struct vm_config *, enum vm_setting);
/* One value instead of what was there; NULL unsets. */
void vm_config_set(struct vm_config *, enum vm_setting, const char *text);
/* A further value of a repeatable setting. */
void vm_config_add(struct vm_config *, enum vm_setting, const char *text);

/* Profile names: 1..64 bytes of letters, digits, '.', '_', '-', '+', '@', blanks inside,
 * UTF-8 letters; no '/', no leading '.' or '-', no control characters. */
struct error;
bool vm_name_check(const char *name, struct error *);

/* The name under which a setting is shown: "network.publish", or for a command line "--publish". */
const char *setting_label(enum vm_setting, enum config_origin, char *buf, size_t size);

#endif
