#include "Resources.h"

// The files are compiled in, so that the program is one file and needs no path to find them.
static const unsigned char openapi_bytes[] = {
#embed "../../openapi.yaml"
};
static const unsigned char procedures_bytes[] = {
#embed "procedures.json"
};

const struct sikimr_resource sikimr_openapi = {openapi_bytes, sizeof openapi_bytes};
const struct sikimr_resource sikimr_procedures = {procedures_bytes, sizeof procedures_bytes};

static const unsigned char monitor_html_bytes[] = {
#embed "monitor/monitor.html"
};
static const unsigned char monitor_css_bytes[] = {
#embed "monitor/monitor.css"
};
static const unsigned char monitor_js_bytes[] = {
#embed "monitor/monitor.js"
};
static const unsigned char docs_html_bytes[] = {
#embed "docs/docs.html"
};
static const unsigned char docs_css_bytes[] = {
#embed "docs/docs.css"
};
static const unsigned char docs_js_bytes[] = {
#embed "docs/docs.js"
};

const struct sikimr_resource sikimr_monitor_html = {monitor_html_bytes, sizeof monitor_html_bytes};
const struct sikimr_resource sikimr_monitor_css = {monitor_css_bytes, sizeof monitor_css_bytes};
const struct sikimr_resource sikimr_monitor_js = {monitor_js_bytes, sizeof monitor_js_bytes};
const struct sikimr_resource sikimr_docs_html = {docs_html_bytes, sizeof docs_html_bytes};
const struct sikimr_resource sikimr_docs_css = {docs_css_bytes, sizeof docs_css_bytes};
const struct sikimr_resource sikimr_docs_js = {docs_js_bytes, sizeof docs_js_bytes};
