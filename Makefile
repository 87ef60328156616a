# make                 the program: build/paddock
# make deps            install what building, testing and the demo need (apt), or say what to install
# make demo            build, make a small Linux guest in build/demo/, open the screen on it
# make check           dependencies, then every test
# make check SAN=1     the same under address and undefined-behaviour sanitizers
# make quick           units, goldens, layers, headers: no QEMU, nothing is installed
# make lint            clang-tidy, gcc -fanalyzer, mandoc, shellcheck, whitespace
# make fuzz T=ini      fuzz tests/fuzz/ini_fuzz.c (SECONDS=60); new inputs go to build-fuzz/corpus/
# make bench           the programs in tests/bench/, against tmux and dtach where installed
# make cover           line coverage of the tests, per file
# make metrics         function lengths per layer
# make install         PREFIX=/usr/local DESTDIR=
# make ISOFS=link      with libisofs linked instead of loaded when it is needed (-static does so too)
# make uninstall       the same files, removed
# make dist            build/paddock-VERSION.tar.gz of what is committed
# make clean           remove every build folder

PROG    = paddock
VERSION = 0.1
PREFIX ?= /usr/local
BUILD   = build$(if $(SAN),-san)$(if $(COVER),-cover)$(if $(FUZZ),-fuzz)
DEMO    = build/demo
SECONDS ?= 60

CFLAGS ?= -O2 -g
# In front of CFLAGS and LDFLAGS, so that theirs win. Compilers differ in what they take, so each is asked once. glibc
# fortifies only optimized code, and a second definition would be a warning; sanitizers look at more themselves.
HARDEN_TRY = -fstack-protector-strong -fstack-clash-protection -fcf-protection -mbranch-protection=standard
HARDEN_GOT = $(eval HARDEN_GOT := $$(shell for f in $(HARDEN_TRY); do \
             echo 'int x;' | $(CC) -Werror $$$$f -x c -c -o /dev/null - 2>/dev/null && echo $$$$f; done))$(HARDEN_GOT)
FORTIFY = $(if $(SAN)$(COVER)$(FUZZ)$(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,$(if \
          $(filter-out -O0,$(filter -O%,$(CFLAGS))),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
HARDEN_CFLAGS = -fPIE $(HARDEN_GOT) $(FORTIFY)
HARDEN_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack
WARN    = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
          -Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wundef -Wvla \
          -Wformat=2 -Wcast-qual -Wimplicit-fallthrough
WERROR ?= -Werror
comma   := ,
ASAN    = -fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SANFLAGS = $(if $(SAN),$(ASAN)) $(if $(COVER),--coverage -O0) \
           $(if $(FUZZ),$(ASAN) -fsanitize=fuzzer-no-link)

# Asked once, and not before a recipe needs the answer: on a bare machine the
# packages (and pkg-config itself) are installed by an earlier goal.
PKGS    = ncursesw formw uuid jansson inih expat
# libisofs is loaded when a CD with metadata is made; ISOFS=link links it with the program, as a static program must.
ISOFS   = $(if $(filter -static -static-pie --static,$(CC) $(CFLAGS) $(LDFLAGS)),link,load)
ISOFS_LINKED = $(filter link,$(ISOFS))
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS) libisofs-1))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS) $(if $(ISOFS_LINKED),libisofs-1)) $(if $(ISOFS_LINKED),,-ldl))$(PKG_LIBS)

ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DNCURSES_WIDECHAR=1 -DPADDOCK_VERSION='"$(VERSION)"' -Isrc -Itests \
             $(if $(ISOFS_LINKED),-DISOFS_LINKED) $(PKG_CFLAGS) $(WARN) $(WERROR) $(HARDEN_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(SANFLAGS)
# V=1 shows whole commands.
say      = $(if $(V),,@printf '  %-4s %s\n' $(1) $@;)
COMPILE  = $(call say,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
LINK     = $(call say,LINK)$(CC) $(ALL_CFLAGS) $(HARDEN_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

SOURCES  := $(sort $(shell find src -name '*.c'))
LIB_SRC  = $(filter-out src/main.c,$(SOURCES))
LIB_OBJ  = $(LIB_SRC:%.c=$(BUILD)/%.o)
MAIN_OBJ = $(BUILD)/src/main.o
HEADERS  := $(sort $(shell find src -name '*.h'))

# tests/fake/*.c is there for every unit test that wants it; tests/programs/X.c is a program
# of its own that tests start (the fake QEMU); tests/e2e/*.c that is no _test is the harness.
FAKE_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fake/*.c))
UNIT_SRC := $(sort $(shell find tests/unit tests/golden -name '*_test.c'))
# Some tests once more with tiny buffers, where every edge is near.
TINY_ring = -DRING_SIZE=8 -include src/core/keeper/stream/ring.c
TINY_log  = -DLOG_PART=100 -DLOG_BUFFER=16 -include src/core/keeper/stream/log.c
TINY_grid_random = -DROW_STORE_CHUNK=100 -include src/core/terminal/row_store.c
TINY_BIN  = $(patsubst %,$(BUILD)/tests/unit/core/%_tiny_test,keeper/ring keeper/log terminal/grid_random)
UNIT_BIN = $(UNIT_SRC:%.c=$(BUILD)/%) $(TINY_BIN)
E2E_SRC  = $(wildcard tests/e2e/*_test.c)
E2E_BIN  = $(E2E_SRC:%.c=$(BUILD)/%)
E2E_OBJ  = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(E2E_SRC),$(wildcard tests/e2e/*.c)))
PROG_SRC = $(wildcard tests/programs/*.c)
PROG_BIN = $(PROG_SRC:%.c=$(BUILD)/%)
FUZZ_SRC = $(wildcard tests/fuzz/*_fuzz.c)
FUZZ_BIN = $(FUZZ_SRC:%.c=$(BUILD)/%)
FUZZ_FAKE = $(patsubst %,$(BUILD)/tests/fake/%.o,ini_agree grid_play twins)
BENCH_SRC = $(wildcard tests/bench/*_bench.c)
BENCH_BIN = $(BENCH_SRC:%.c=$(BUILD)/%)
BENCH_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(BENCH_SRC),$(wildcard tests/bench/*.c)))
# Boot sectors: only where as and ld speak x86.
GUEST    = $(if $(filter x86_64 i%86,$(shell uname -m)),$(patsubst tests/guest/%.s,$(BUILD)/guest/%.img,$(wildcard tests/guest/*.s)))
GOLDEN   = $(shell find tests/golden -type f 2>/dev/null)
MAN      = $(wildcard doc/*.[1-8])
SCRIPTS  = $(wildcard tests/tools/*.sh doc/*.bash .ci/run)

ALL_OBJ  = $(LIB_OBJ) $(MAIN_OBJ) $(FAKE_OBJ) $(E2E_OBJ) $(UNIT_BIN:%=%.o) $(E2E_BIN:%=%.o) \
           $(PROG_BIN:%=%.o) $(FUZZ_BIN:%=%.o) $(BENCH_BIN:%=%.o) $(BENCH_OBJ)

# What a test may want to know; paths are absolute, tests change directory.
HERE     = '$(subst ','\'',$(CURDIR))'
TEST_ENV = PADDOCK=$(HERE)/$(BUILD)/$(PROG) PADDOCK_PROGRAMS=$(HERE)/$(BUILD)/tests/programs \
           PADDOCK_GUEST=$(HERE)/$(BUILD)/guest PADDOCK_DEMO=$(HERE)/$(DEMO) \
           PADDOCK_TESTS=$(HERE)/tests COLORTERM= TEST_TIMEOUT=$(if $(SAN),900,600)

all: $(BUILD)/$(PROG)

$(BUILD)/$(PROG): $(MAIN_OBJ) $(BUILD)/lib.a
	$(LINK) $(PKG_LIBS)

# An archive, so that each test links only what it really needs.
$(BUILD)/lib.a: $(LIB_OBJ)
	@$(RM) $@
	$(call say,AR)$(AR) rcs $@ $(LIB_OBJ)

# Another compiler or other flags: build everything again.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$(subst ",\",$(CC) $(ALL_CFLAGS))" | cmp -s - $@ || \
		printf '%s\n' "$(subst ",\",$(CC) $(ALL_CFLAGS))" > $@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE)

$(TINY_BIN:%=%.o): $(BUILD)/tests/unit/core/%_tiny_test.o: tests/unit/core/%_test.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(TINY_$(*F))

$(BUILD)/fake.a: $(FAKE_OBJ)
	@$(RM) $@
	$(call say,AR)$(AR) rcs $@ $(FAKE_OBJ)

$(UNIT_BIN): %: %.o $(BUILD)/fake.a $(BUILD)/lib.a
	$(LINK) -lcmocka $(PKG_LIBS)

$(E2E_BIN): %: %.o $(E2E_OBJ) $(BUILD)/fake.a $(BUILD)/lib.a
	$(LINK) -lcmocka -lutil $(PKG_LIBS)

# Linked to all libraries, used or not.
$(BUILD)/tests/programs/bench_empty: LDFLAGS += -Wl,--no-as-needed

$(PROG_BIN): %: %.o $(BUILD)/fake.a $(BUILD)/lib.a
	$(LINK) -lutil $(PKG_LIBS)

$(BENCH_BIN): %: %.o $(BENCH_OBJ) $(BUILD)/lib.a
	$(LINK) -lutil $(PKG_LIBS)

$(FUZZ_BIN): %: %.o $(FUZZ_FAKE) $(BUILD)/lib.a $(if $(FUZZ),,$(BUILD)/tests/fuzz/replay.o)
	$(LINK) $(if $(FUZZ),-fsanitize=fuzzer) $(PKG_LIBS)

# The tiny guests: one flat boot image for each source.
$(BUILD)/guest/%.img: tests/guest/%.s
	@mkdir -p $(@D)
	$(call say,AS)as --32 -o $(@:.img=.o) $<
	@ld -m elf_i386 -Ttext 0x7c00 --oformat binary -e _start -o $@ $(@:.img=.o)
	@chmod -x $@; dd if=/dev/null of=$@ bs=1 seek=1048576 2>/dev/null # a disk of no cylinder is not read

# --- tests ---------------------------------------------------------------

check: deps-test
	@$(MAKE) --no-print-directory check-all

# Goes on after a failure, so that the count at the end is of all of them.
check-all:
	@$(MAKE) --no-print-directory -k quick fuzz-corpus e2e; status=$$?; \
	tests/tools/tally.sh $(UNIT_BIN) $(FUZZ_BIN) $(E2E_BIN) || status=1; exit $$status

# What takes seconds: no guest is started, nothing is installed. The other tests are only built.
quick: unit layers headers binary $(E2E_BIN) $(FUZZ_BIN) $(BENCH_BIN)

unit: $(UNIT_BIN:%=%.ok)
fuzz-corpus: $(FUZZ_BIN:%=%.ok)

$(UNIT_BIN:%=%.ok): %.ok: % $(GOLDEN) $(BUILD)/$(PROG) $(PROG_BIN)
	@$(TEST_ENV) tests/tools/run-test.sh $<
	@touch $@

$(FUZZ_BIN:%=%.ok): $(BUILD)/tests/fuzz/%_fuzz.ok: $(BUILD)/tests/fuzz/%_fuzz $(wildcard tests/fuzz/corpus/*/*)
	@$(TEST_ENV) tests/tools/run-test.sh $< tests/fuzz/corpus/$*
	@touch $@

# One after the other: they start guests, and there may be few processors.
e2e: $(E2E_BIN) $(BUILD)/$(PROG) $(PROG_BIN) $(GUEST) $(if $(E2E_SRC),demo-files demo-foreign)
	@status=0; for t in $(if $(ONLY),$(filter %/$(ONLY)_test,$(E2E_BIN)),$(E2E_BIN)); do \
		$(TEST_ENV) tests/tools/run-test.sh $$t || status=1; done; exit $$status

layers:
	@tests/tools/check-layers.sh
	@tests/tools/check-compat.sh
	@tests/tools/check-doc.sh
	@tests/tools/check-deps.sh

# Whoever gives flags of their own may want less.
binary: $(BUILD)/$(PROG)
	@$(if $(SAN)$(COVER)$(FUZZ)$(filter-out file default undefined,$(origin CFLAGS) $(origin LDFLAGS)),:,tests/tools/check-binary.sh $< $(MAIN_OBJ) $(HARDEN_GOT) $(if $(ISOFS_LINKED),,isofs-loaded))

headers: $(HEADERS:%=$(BUILD)/%.alone)
$(BUILD)/%.h.alone: %.h $(BUILD)/flags
	@mkdir -p $(@D)
	@$(CC) $(filter-out --coverage,$(ALL_CFLAGS)) -MMD -MP -MT $@ -MF $@.d -fsyntax-only -include $< -x c /dev/null && touch $@

fuzz: deps-fuzz
	@test -n "$(T)" || { echo 'usage: make fuzz T=$(firstword $(FUZZ_SRC:tests/fuzz/%_fuzz.c=%) NAME)' >&2; exit 1; }
	@$(MAKE) --no-print-directory FUZZ=1 CC=clang build-fuzz/tests/fuzz/$(T)_fuzz
	@mkdir -p build-fuzz/corpus/$(T) tests/fuzz/corpus/$(T)
	build-fuzz/tests/fuzz/$(T)_fuzz -max_total_time=$(SECONDS) -artifact_prefix=build-fuzz/$(T)- \
		$(patsubst %,-dict=%,$(wildcard tests/fuzz/$(T).dict)) \
		build-fuzz/corpus/$(T) tests/fuzz/corpus/$(T)

bench: deps-bench
	@$(MAKE) --no-print-directory bench-all
bench-all: $(BUILD)/$(PROG) $(PROG_BIN) $(BENCH_BIN)
	@for b in $(BENCH_BIN); do $(TEST_ENV) $$b || exit; done

cover: deps-test
	-@$(MAKE) --no-print-directory COVER=1 -k quick fuzz-corpus e2e
	@tests/tools/cover.sh build-cover

metrics:
	@tests/tools/metrics.sh

# --- lint ----------------------------------------------------------------

LINT_SRC = $(filter %.c,$(LIB_SRC) src/main.c $(UNIT_SRC) $(E2E_SRC) $(PROG_SRC) $(FUZZ_SRC) \
           $(wildcard tests/fake/*.c tests/e2e/*.c tests/bench/*.c tests/fuzz/*.c))
lint: deps-lint
	@$(MAKE) --no-print-directory -k lint-all
lint-all: lint-text lint-man lint-shell $(sort $(LINT_SRC:%.c=$(BUILD)/%.tidy)) $(LIB_SRC:%.c=$(BUILD)/%.analyzed)

lint-text:
	@tests/tools/lint-text.sh
lint-man:
	@$(if $(MAN),mandoc -Tlint -Wwarning $(MAN))
lint-shell:
	@shellcheck $(SCRIPTS)

# What error.h defines itself cannot be told otherwise in front of it.
LINT_FLAGS = $(if $(filter %/error.c,$<),,-include tests/tools/lint.h)
# Tests run under sanitizers, and an analyser does not know that cmocka's asserts do not return.
TIDY_FLAGS = $(if $(filter tests/%,$<),--checks=-clang-analyzer-*$(comma)-bugprone-infinite-loop$(comma)-bugprone-too-small-loop-variable$(comma)-bugprone-suspicious-memory-comparison)
# Through the object, so that a changed header is looked at again.
$(BUILD)/%.tidy: %.c $(BUILD)/%.o .clang-tidy
	@echo "tidy $<"; clang-tidy --quiet $(TIDY_FLAGS) $< -- $(ALL_CFLAGS) $(LINT_FLAGS) 2>$@.err || { cat $@.err; exit 1; }
	@touch $@
$(BUILD)/%.analyzed: %.c $(BUILD)/%.o
	@gcc $(ALL_CFLAGS) $(LINT_FLAGS) -fanalyzer -Wno-analyzer-use-of-uninitialized-value -c -o /dev/null $<
	@touch $@

# --- dependencies and the demo -------------------------------------------

deps:
	@tests/tools/deps.sh build run demo test lint
deps-demo:
	@tests/tools/deps.sh build run demo
deps-test:
	@tests/tools/deps.sh build run demo test
deps-lint:
	@tests/tools/deps.sh build test lint
deps-fuzz:
	@tests/tools/deps.sh build fuzz
deps-bench:
	@tests/tools/deps.sh build bench

demo: deps-demo
	@$(MAKE) --no-print-directory all demo-files
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BUILD)/$(PROG) $(DEMO); \
	else echo "the demo guest is in $(DEMO); open it with: $(BUILD)/$(PROG) $(DEMO)"; fi

demo-files:
	@tests/tools/make-demo.sh $(DEMO)

# Its tests are skipped where it cannot be made, but for in CI.
demo-foreign:
	@for arch in aarch64 s390x; do tests/tools/make-demo.sh $(DEMO)-$$arch $$arch || true; done

# --- installing ----------------------------------------------------------

# Not every shell reads the ~ in PREFIX=~/.local.
ROOT    = $(DESTDIR)$(subst ~/,$(HOME)/,$(PREFIX))
BIN_DIR = '$(ROOT)/bin'
MAN_DIR = '$(ROOT)/share/man'
COMPLETIONS = '$(ROOT)/share/bash-completion/completions'
install: all
	install -d $(BIN_DIR)
	install -m 755 $(BUILD)/$(PROG) $(BIN_DIR)/$(PROG)
	install -d $(COMPLETIONS)
	install -m 644 doc/paddock.bash $(COMPLETIONS)/$(PROG)
	@for m in $(MAN); do d=$(MAN_DIR)/man$${m##*.}; \
		echo "install $$m"; install -d "$$d" && install -m 644 $$m "$$d/" || exit 1; done

uninstall:
	$(RM) $(BIN_DIR)/$(PROG) $(COMPLETIONS)/$(PROG)
	@for m in $(notdir $(MAN)); do $(RM) $(MAN_DIR)/man$${m##*.}/$$m; done

dist:
	@mkdir -p build
	git archive --prefix=$(PROG)-$(VERSION)/ HEAD | gzip -9n > build/$(PROG)-$(VERSION).tar.gz

clean:
	$(RM) -r build build-san build-cover build-fuzz

help:
	@sed -n 's/^# make/make/p' Makefile

.PHONY: all check check-all quick unit fuzz-corpus e2e layers headers binary fuzz bench bench-all cover metrics \
	lint lint-all lint-text lint-man lint-shell deps deps-demo deps-test deps-lint deps-fuzz deps-bench \
	demo demo-files demo-foreign install uninstall dist clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
-include $(ALL_OBJ:.o=.d) $(HEADERS:%=$(BUILD)/%.alone.d)
