#pragma once
#include <zlib.h>

/// Prepares `stream` to write the gzip format; the original is a macro.
static inline int sikimr_gzip_start(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
