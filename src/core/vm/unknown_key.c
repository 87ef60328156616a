/* SPDX-License-Identifier: MIT */
#include "core/vm/unknown_key.h"

#include "core/base/nearest.h"
#include "core/vm/config.h"

#include <string.h>
#include <strings.h>

/* Returns the known section with this name or a similar one, or NULL. */
static const char *section_meant(const char *section)
{
	struct nearest nearest = nearest_to(section);

	for (int i = 0; i < VM_SETTINGS; i++) {
		const char *ours = setting_info((enum vm_setting)i)->section;

		if (strcasecmp(ours, section) == 0)
			return ours;
		nearest_try(&nearest, ours);
	}
	return nearest.best;
}

/* section: a known section or NULL */
static enum vm_setting setting_meant(const char *section, const char *key)
{
	enum vm_setting meant = section ? setting_find(section, key) : VM_SETTINGS;
	struct nearest nearest = nearest_to(key);

	for (int i = 0; i < VM_SETTINGS && meant == VM_SETTINGS; i++)	/* perhaps of another section */
		if (strcasecmp(setting_info((enum vm_setting)i)->key, key) == 0)
			meant = (enum vm_setting)i;
	if (meant != VM_SETTINGS || !section)
		return meant;
	for (int i = 0; i < VM_SETTINGS; i++)
		if (strcmp(setting_info((enum vm_setting)i)->section, section) == 0)
			nearest_try(&nearest, setting_info((enum vm_setting)i)->key);
	return nearest.best ? setting_find(section, nearest.best) : VM_SETTINGS;
}

void unknown_key_note(struct vm_config *config, const char *section, const char *key)
{
	const char *ours = section_meant(section);
	enum vm_setting meant = setting_meant(ours, key);

	if (*section && !ours)
		return;
	if (meant == VM_SETTINGS) {
		strv_addf(&config->unknown_keys, "%s%s%s: unknown setting, ignored", section, *section ? "." : "", key);
		return;
	}

	const struct setting *info = setting_info(meant);

	strv_addf(&config->unknown_keys, "%s%s%s: unknown setting; did you mean %s in section [%s]?", section,
	          *section ? "." : "", key, info->key, info->section);
}
