/* SPDX-License-Identifier: MIT */
#include "core/machines/startable.h"

#include "core/vm/problem.h"
#include "core/vm/spec.h"

char *startable_bad_setting(const struct vm_config *config)
{
	struct vm_spec spec = { 0 };
	struct problems problems = { 0 };
	char *line = NULL;

	vm_spec_read(config, NULL, &spec, &problems);
	for (size_t i = 0; i < problems.count && !line; i++)
		if (problems.items[i].severity == PROBLEM_ERROR)
			line = problem_line(&problems.items[i], config->origin);
	vm_spec_finish(&spec);
	problems_finish(&problems);
	return line;
}
