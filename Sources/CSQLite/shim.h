#pragma once
#include <sqlite3.h>

// Swift cannot call C functions with variable arguments; these two stand for the calls the service needs.

/// Switches one boolean setting of a connection.
static inline int sikimr_sqlite3_switch(sqlite3 *database, int setting, int on) {
    return sqlite3_db_config(database, setting, on, (int *)0);
}

/// Leaves out the global counters of memory, and with them a lock that every connection would share.
static inline int sikimr_sqlite3_without_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
