/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *build_origin(struct build *b, enum vm_setting setting)
{
	const struct setting *info = setting_info(setting);

	if (b->spec->origin == CONFIG_COMMAND_LINE && info->option)
		snprintf(b->label, sizeof(b->label), "%s", info->option);
	else if (b->spec->origin == CONFIG_COMMAND_LINE && setting == SET_IMAGE)
		snprintf(b->label, sizeof(b->label), "PATH");
	else
		snprintf(b->label, sizeof(b->label), "[%s] %s", info->section, info->key);
	return b->label;
}

const char *build_origin_or_default(struct build *b, enum vm_setting setting, bool is_default)
{
	return is_default ? "default" : build_origin(b, setting);
}

static void put_taken(struct build *b, const char *origin, char *text)
{
	struct plan *plan = b->plan;

	plan->args = mem_grow(plan->args, &plan->arg_size, plan->arg_count + 1, sizeof(*plan->args));
	plan->args[plan->arg_count++] = (struct plan_arg){ text, mem_strdup(origin) };
}

void build_arg(struct build *b, const char *origin, const char *text)
{
	put_taken(b, origin, mem_strdup(text));
}

void build_option(struct build *b, const char *origin, const char *option, const char *fmt, ...)
{
	struct str value;
	va_list ap;

	str_init(&value);
	va_start(ap, fmt);
	str_vaddf(&value, fmt, ap);
	va_end(ap);
	build_arg(b, origin, option);
	put_taken(b, origin, str_detach(&value));
}

bool build_is_ccw(const struct build *b)
{
	return b->arch == ARCH_S390X;
}

bool build_has_ide(const struct build *b)
{
	return b->arch == ARCH_X86_64;
}


const char *build_bus_suffix(const struct build *b)
{
	return build_is_ccw(b) ? "ccw" : "pci";
}

bool build_has_arg(const struct build *b, const char *option)
{
	for (size_t i = 0; i < b->spec->args.count; i++) {
		const char *arg = b->spec->args.items[i];

		if (arg[0] == '-' && !strcmp(arg + (arg[1] == '-'), option))
			return true;
	}
	return false;
}


struct plan_step *step_add(struct build *b, enum plan_step_kind kind, char *path, char *what)
{
	struct plan *plan = b->plan;
	struct plan_step *step;

	plan->steps = mem_grow(plan->steps, &plan->step_size, plan->step_count + 1, sizeof(*plan->steps));
	step = &plan->steps[plan->step_count++];
	*step = (struct plan_step){ .kind = kind, .path = path, .what = what };
	return step;
}
