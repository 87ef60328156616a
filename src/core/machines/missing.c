/* SPDX-License-Identifier: MIT */
#include "core/machines/missing.h"

#include "core/base/alloc.h"
#include "core/vm/config.h"
#include "core/vm/image.h"

#include <stddef.h>

char *missing_image(const char *image)
{
	char label[64];

	if (!image || image_is_there(image))
		return NULL;
	return mem_printf("%s: %s does not exist", setting_label(SET_IMAGE, CONFIG_PROFILE, label, sizeof(label)), image);
}
