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
