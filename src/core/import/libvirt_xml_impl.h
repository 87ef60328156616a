/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_LIBVIRT_XML_IMPL_H
#define CORE_IMPORT_LIBVIRT_XML_IMPL_H

/* For libvirt_xml.c, which reads a domain, and libvirt_devices.c, which reads its devices. */
#include "core/import/imported.h"
#include "core/import/xml_tree.h"

/* Sets the value, or notes why the setting does not take it. */
void libvirt_set(struct imported *, enum vm_setting, const char *value, const char *remark);

/* Disks, network cards, and what the host lends. first: the <boot dev> of the domain, such as "hd" or "cdrom"; NULL: none. */
void libvirt_devices_read(struct xml_node *devices, const char *first, struct imported *);

#endif
