# SPDX-License-Identifier: MIT
#
# A guest for tests: boots in a fraction of a second, talks on the serial line
# and does what it is told. BIOS, real mode, a disk of four sectors or a CD.
#
# A line of one of these letters is a command; anything else is only echoed.
#   c  colours and cursor movement       n  how many bytes were typed so far
#   f  10,000 numbered lines             F  floods until a byte is typed
#   q  ask the terminal for its cursor (ESC[6n) and show the answer
#   b  obey the power button from now on (at first it is ignored)
#   p  power off                         r  reset
#   h  hang for good, deaf               P  panic, through a device pvpanic
#   w  write to the second disk
#
# It sleeps in hlt while nothing comes, so that an idle guest costs nothing.

	.intel_syntax noprefix
	.code16
	.global _start

	.set	PORT, 0x3f8		# COM1
	.set	CD, 0xe0		# the least number of a CD without emulation
	.set	PM1_STS, 0x600		# of q35, as SeaBIOS sets it up
	.set	PM1_EN, 0x602
	.set	PM1_CNT, 0x604
	.set	BUTTON, 0x100

_start:	cli
	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	mov	sp, 0x7c00
	cld
	jmp	0:load
load:	sti
	cmp	dl, CD			# El Torito: the firmware has loaded all four sectors
	jae	main
	mov	ax, 0x0203		# three more sectors, from the disk booted from (dl)
	mov	bx, 0x7e00
	mov	cx, 2
	mov	dh, 0
	int	0x13
	jnc	main
	mov	si, offset no_disk
1:	lodsb
	test	al, al
	jz	2f
	mov	ah, 0x0e
	int	0x10
	jmp	1b
2:	hlt
	jmp	2b
no_disk:
	.asciz	"tiny: cannot read the disk\r\n"

	.org	510
	.word	0xaa55

main:	mov	[drive], dl
	call	line_up
	mov	si, offset banner
	call	print
	cmp	byte ptr [drive], CD
	jb	1f
	mov	si, offset from_cd
	call	print
1:	mov	si, offset newline
	call	print
prompt:	mov	si, offset ready
	call	print
	mov	byte ptr [length], 0
typed:	call	wait_byte
	cmp	al, 13
	je	command
	mov	[letter], al
	inc	byte ptr [length]
	call	put
	jmp	typed

command:
	mov	si, offset newline
	call	print
	cmp	byte ptr [length], 1
	jne	prompt
	mov	al, [letter]
	mov	bx, offset table
1:	mov	cl, [bx]
	test	cl, cl
	jz	prompt
	cmp	cl, al
	je	2f
	add	bx, 3
	jmp	1b
2:	call	[bx + 1]
	jmp	prompt

table:	.byte	'c'
	.word	colours
	.byte	'f'
	.word	lines
	.byte	'F'
	.word	flood
	.byte	'q'
	.word	query
	.byte	'n'
	.word	count
	.byte	'b'
	.word	obey
	.byte	'p'
	.word	power_off
	.byte	'r'
	.word	reset
	.byte	'h'
	.word	hang
	.byte	'P'
	.word	panic
	.byte	'w'
	.word	write
	.byte	0

colours:
	mov	si, offset painted
	jmp	print

lines:	xor	cx, cx
1:	inc	cx
	call	numbered
	cmp	cx, 10000
	jb	1b
	ret

flood:	xor	cx, cx
1:	inc	cx
	call	numbered
	mov	dx, PORT + 5
	in	al, dx
	test	al, 1
	jz	1b
	jmp	wait_byte

numbered:
	mov	si, offset line
	call	print
	mov	ax, cx
	call	decimal
	mov	si, offset newline
	jmp	print

# What comes back, up to its R, with ESC shown as ^[.
query:	mov	si, offset ask
	call	print
1:	call	wait_byte
	cmp	al, 27
	jne	2f
	mov	al, '^'
	call	put
	mov	al, '['
2:	push	ax
	call	put
	pop	ax
	cmp	al, 'R'
	jne	1b
	mov	si, offset newline
	jmp	print

count:	mov	ax, [received]
	call	decimal
	mov	si, offset bytes
	jmp	print

obey:	mov	dx, PM1_EN
	in	ax, dx
	or	ax, BUTTON
	out	dx, ax
	mov	byte ptr [obedient], 1
	mov	si, offset obeying
	jmp	print

power_off:
	mov	si, offset bye
	call	print
	mov	dx, PM1_CNT
	mov	ax, 0x2000		# SLP_EN, type S5
	out	dx, ax
	hlt

reset:	mov	dx, 0xcf9
	mov	al, 6
	out	dx, al
	hlt

hang:	cli
	hlt
	jmp	hang

panic:	mov	si, offset panicking
	call	print
	mov	dx, 0x505		# pvpanic on the ISA bus
	mov	al, 1
	out	dx, al
	jmp	hang

write:	mov	ax, 0x0301		# one sector: the first of the second disk
	mov	bx, 0x7c00
	mov	cx, 1
	mov	dx, 0x0081
	int	0x13
	mov	si, offset written
	jnc	print
	mov	si, offset unwritten
	jmp	print

# --- the serial line ---

# An interrupt only wakes hlt; the byte is fetched by whoever waits for it. The clock's is
# taken over too: SeaBIOS uses it to read and write the same line for its console.
line_up:
	cli
	mov	word ptr [4 * 0x08], offset on_interrupt
	mov	word ptr [4 * 0x08 + 2], 0
	mov	word ptr [4 * 0x0c], offset on_interrupt
	mov	word ptr [4 * 0x0c + 2], 0
	mov	dx, PORT + 3
	mov	al, 3			# 8n1
	out	dx, al
	mov	dx, PORT + 2
	mov	al, 7			# FIFOs on and empty
	out	dx, al
	mov	dx, PORT + 4
	mov	al, 0x0b		# DTR, RTS, OUT2: interrupts let through
	out	dx, al
	mov	dx, PORT + 1
	mov	al, 1			# one for every byte received
	out	dx, al
	in	al, 0x21
	and	al, 0xef		# IRQ 4
	out	0x21, al
	sti
	ret

on_interrupt:
	push	ax
	mov	al, 0x20
	out	0x20, al
	pop	ax
	iret

# The next byte typed, in al. The clock's 18 interrupts a second look at the button too.
wait_byte:
	cli
	mov	dx, PORT + 5
	in	al, dx
	test	al, 1
	jnz	1f
	cmp	byte ptr [obedient], 0
	je	2f
	mov	dx, PM1_STS
	in	ax, dx
	test	ax, BUTTON
	jnz	power_off
2:	sti
	hlt
	jmp	wait_byte
1:	sti
	mov	dx, PORT
	in	al, dx
	inc	word ptr [received]
	ret

put:	push	dx
	push	ax
	mov	dx, PORT + 5
1:	in	al, dx
	test	al, 0x20
	jz	1b
	pop	ax
	mov	dx, PORT
	out	dx, al
	pop	dx
	ret

print:	lodsb
	test	al, al
	jz	1f
	call	put
	jmp	print
1:	ret

decimal:
	push	bx
	push	cx
	mov	bx, 10
	xor	cx, cx
1:	xor	dx, dx
	div	bx
	push	dx
	inc	cx
	test	ax, ax
	jnz	1b
2:	pop	ax
	add	al, '0'
	call	put
	loop	2b
	pop	cx
	pop	bx
	ret

letter:	.byte	0			# the newest of the line being typed
length:	.byte	0
obedient:
	.byte	0
received:
	.word	0
drive:	.byte	0			# what it was booted from

banner:	.asciz	"\r\ntiny guest"
from_cd:
	.asciz	" from a CD"
ready:	.asciz	"tiny> "
newline:
	.asciz	"\r\n"
line:	.asciz	"line "
ask:	.asciz	"\033[6n"
bytes:	.asciz	" bytes typed\r\n"
obeying:
	.asciz	"obeying the power button\r\n"
bye:	.asciz	"bye\r\n"
panicking:
	.asciz	"Kernel panic - not syncing: told to\r\n"
written:
	.asciz	"written\r\n"
unwritten:
	.asciz	"not written\r\n"
painted:
	.ascii	"\033[1;31mred\033[0m \033[38;5;33mblue\033[0m \033[48;2;10;200;30mgreen\033[0m "
	.ascii	"\033[7mreverse\033[0m \033[4munderlined\033[0m\r\n"
	.ascii	"h\303\251llo \346\227\245\346\234\254 e\314\201\r\n"
	.asciz	"a\033[3Cb\033[2Dc\r\n"

	.org	2048
