/* SPDX-License-Identifier: MIT */
#ifndef UI_USB_ASK_H
#define UI_USB_ASK_H

#include "ui/kit/ask.h"

struct app;

/* Asks for a USB device of this host; the answer is the value of the setting `device`. Says so if none is plugged in. */
void usb_ask(struct app *, struct ask_then);

#endif
