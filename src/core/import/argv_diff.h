/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_ARGV_DIFF_H
#define CORE_IMPORT_ARGV_DIFF_H

struct strv;

/*
 * Compares two command lines of QEMU by their options, whatever their order, without the program. Appends a line
 * "-OPTION VALUE" for each that only `given` has, with a "- " in front, then those that only `made` has, with "+ ". Pure.
 */
void argv_diff(const struct strv *given, const struct strv *made, struct strv *out);

#endif
