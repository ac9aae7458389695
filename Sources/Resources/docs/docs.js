"use strict";

/* This Swagger UI knows OpenAPI 3.0: what the document says in the words of 3.1 is put in those of 3.0, for the eyes only. */
function simplified(value) {
  if (Array.isArray(value)) return value.map(simplified);
  if (value === null || typeof value !== "object") return value;
  const made = {};
  for (const [name, member] of Object.entries(value)) made[name] = simplified(member);
  if (Array.isArray(made.type)) {
    const types = made.type.filter((type) => type !== "null");
    if (types.length < made.type.length) made.nullable = true;
    if (types.length === 1) made.type = types[0]; else delete made.type;
  }
  if (Array.isArray(made.anyOf)) {
    const choices = made.anyOf.filter((choice) => choice.type !== "null");
    if (choices.length < made.anyOf.length) {
      made.nullable = true;
      if (choices.length === 1) {
        delete made.anyOf;
        Object.assign(made, choices[0], made);
      } else {
        made.anyOf = choices;
      }
    }
  }
  if (made.const !== undefined && made.enum === undefined) made.enum = [made.const];
  return made;
}

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then((spec) => SwaggerUIBundle({
    dom_id: "#document",
    spec: { ...simplified(spec), openapi: "3.0.3" },
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    // No address beside the service's own is ever asked.
    validatorUrl: null,
  }));
