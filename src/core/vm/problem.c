/* SPDX-License-Identifier: MIT */
#include "core/vm/problem.h"

#include "core/base/alloc.h"

#include <stdarg.h>
#include <stdlib.h>

void problem_add(struct problems *problems, enum severity severity, enum vm_setting setting, int index,
                 const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	problems->items = mem_grow(problems->items, &problems->size, problems->count + 1, sizeof(*problems->items));
	problems->items[problems->count++] = (struct problem){
		.setting = setting, .index = index, .severity = severity, .text = mem_vprintf(fmt, ap),
	};
	va_end(ap);
}

void problems_finish(struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		free(problems->items[i].text);
	free(problems->items);
	*problems = (struct problems){ 0 };
}

void problems_drop(struct problems *problems, enum severity severity)
{
	size_t kept = 0;

	for (size_t i = 0; i < problems->count; i++) {
		if (problems->items[i].severity == severity)
			free(problems->items[i].text);
		else
			problems->items[kept++] = problems->items[i];
	}
	problems->count = kept;
}

bool problems_stop(const struct problems *problems, bool host_is_warning)
{
	for (size_t i = 0; i < problems->count; i++) {
		enum severity severity = problems->items[i].severity;

		if (severity == PROBLEM_ERROR || (severity == PROBLEM_HOST && !host_is_warning))
			return true;
	}
	return false;
}

const struct problem *problems_of(const struct problems *problems, enum vm_setting setting, int index)
{
	const struct problem *worst = NULL;

	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *one = &problems->items[i];

		/* A problem of the setting as a whole concerns each of its values. */
		if (one->setting != setting || (index >= 0 && one->index >= 0 && one->index != index))
			continue;
		if (!worst || one->severity < worst->severity)
			worst = one;
	}
	return worst;
}

char *problem_line(const struct problem *problem, enum config_origin origin)
{
	char label[64];

	if (problem->setting == VM_SETTINGS)
		return mem_strdup(problem->text);
	return mem_printf("%s: %s", setting_label(problem->setting, origin, label, sizeof(label)), problem->text);
}
