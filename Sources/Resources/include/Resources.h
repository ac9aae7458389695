#pragma once
#include <stddef.h>

/// A file compiled into the program.
struct sikimr_resource {
    const unsigned char *_Nonnull bytes;
    size_t count;
};

/// The API document, `openapi.yaml` at the top of the repository.
extern const struct sikimr_resource sikimr_openapi;
/// The catalogue of the standard operating procedures.
extern const struct sikimr_resource sikimr_procedures;

/// The page for leaders.
extern const struct sikimr_resource sikimr_monitor_html;
extern const struct sikimr_resource sikimr_monitor_css;
extern const struct sikimr_resource sikimr_monitor_js;
/// The page of the API document around Swagger UI.
extern const struct sikimr_resource sikimr_docs_html;
extern const struct sikimr_resource sikimr_docs_css;
extern const struct sikimr_resource sikimr_docs_js;
