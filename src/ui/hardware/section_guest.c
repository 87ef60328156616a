/* SPDX-License-Identifier: MIT */
/* What the guest agent says of the guest. */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/control/agent.h"
#include "ui/hardware/hardware_impl.h"

#include <stdio.h>

static void add_rows(struct hardware *hardware, const struct guest_info *info)
{
	char used[32], total[32];

	hardware_row(hardware, &hardware_guest, STYLE_NORMAL, NULL, "%s  %s  %s", info->host_name, info->system, info->kernel);
	for (size_t i = 0; i < info->address_count; i++)
		hardware_row(hardware, &hardware_guest, STYLE_NORMAL, NULL, "%s  %s/%u", info->addresses[i].interface,
		             info->addresses[i].address, info->addresses[i].prefix);
	for (size_t i = 0; i < info->filesystem_count; i++) {
		const struct guest_filesystem *filesystem = &info->filesystems[i];

		if (filesystem->total)
			hardware_row(hardware, &hardware_guest, STYLE_NORMAL, NULL, "%s  %s  %s of %s used", filesystem->place, filesystem->type,
			             format_size(filesystem->used, used, sizeof(used)), format_size(filesystem->total, total, sizeof(total)));
		else
			hardware_row(hardware, &hardware_guest, STYLE_NORMAL, NULL, "%s  %s", filesystem->place, filesystem->type);
	}
}

static void info_came(void *data, const struct guest_info *info, const struct error *err)
{
	struct hardware *hardware = data;

	hardware_rows_begin(hardware, &hardware_guest);
	if (err)
		hardware_row(hardware, &hardware_guest, STYLE_DIM, NULL, "%s", err->text);
	else
		add_rows(hardware, info);
	hardware_rows_end(hardware, &hardware_guest);
}

static void query(struct hardware *hardware, const struct hardware_section *section)
{
	struct control_vm vm;

	if (hardware_vm(hardware, &vm))
		hardware_asks(hardware, section, control_guest_info(&vm, info_came, hardware));
}

const struct hardware_section hardware_guest = { .title = "Guest agent", .rests = true, .query = query };
