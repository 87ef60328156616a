/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_LIBVIRT_XML_H
#define CORE_IMPORT_LIBVIRT_XML_H

#include "core/import/imported.h"

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * Reads the XML of a domain of libvirt (`virsh dumpxml`, or a file in /etc/libvirt/qemu) into settings. Pure. The caller
 * initialises and finishes `out`.
 */
bool libvirt_xml_read(const char *text, size_t len, struct imported *out, struct error *);

#endif
