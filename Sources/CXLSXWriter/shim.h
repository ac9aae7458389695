#pragma once
#include <xlsxwriter.h>

// memfd_create(2): <sys/mman.h> has both only for GNU sources, and Swift's import of the C library is not one.
extern int memfd_create(const char *name, unsigned int flags);
enum { memfd_close_on_exec = 1 };
