"""The document is valid, and the program serves it."""

import jsonschema
import openapi_spec_validator
import yaml

from service import DOCUMENT


def test_the_document_is_valid_openapi(document):
    openapi_spec_validator.validate(document)


def test_every_example_fits_its_schema(document):
    examples = list(examples_of(document))
    assert len(examples) > 100
    faults = []
    for place, schema, example in examples:
        # The whole document goes along, so that references resolve.
        validator = jsonschema.Draft202012Validator(
            {**schema, "components": document["components"]},
            format_checker=jsonschema.FormatChecker(),
        )
        faults += [f"{place}: {error.message}" for error in validator.iter_errors(example)]
    assert not faults, "\n".join(faults)


def test_every_call_needs_exactly_one_permission_or_is_public(document):
    permissions = set(document["components"]["schemas"]["Permission"]["enum"])
    needed = set()
    for place, operation in operations_of(document):
        security = operation["security"]
        if security == []:
            continue
        assert [list(requirement) for requirement in security] == [["bearer"]], place
        assert len(security[0]["bearer"]) == 1, place
        needed.update(security[0]["bearer"])
    assert needed == permissions


def test_the_yaml_served_is_the_file(service):
    response = service.anonymous().get("/openapi.yaml", headers={"Accept": "application/yaml"})
    assert response.headers["Content-Type"].split(";")[0] == "application/yaml"
    assert response.content == DOCUMENT.read_bytes()


def test_the_json_served_is_the_same_document(service, document):
    response = service.anonymous().get("/openapi.json")
    assert response.headers["Content-Type"].split(";")[0] == "application/json"
    assert response.json() == document


def test_the_document_has_no_value_that_readers_of_yaml_understand_differently(document):
    assert yaml.load(DOCUMENT.read_text(encoding="utf-8"), yaml.BaseLoader) == as_text(document)


def as_text(value):
    """The document as a reader sees it that takes every scalar for text, spelled as JSON spells it."""
    if isinstance(value, dict):
        return {as_text(name): as_text(member) for name, member in value.items()}
    if isinstance(value, list):
        return [as_text(element) for element in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def operations_of(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def examples_of(document):
    """Every example with its schema: of request bodies, answers, parameters and headers."""
    for place, operation in operations_of(document):
        yield from examples_in(f"{place} body", operation.get("requestBody", {}).get("content", {}))
        for status, response in operation["responses"].items():
            yield from examples_in(f"{place} {status}", resolved(document, response).get("content", {}))
        for parameter in operation.get("parameters", []):
            parameter = resolved(document, parameter)
            if "example" in parameter:
                yield f"{place} {parameter['name']}", parameter["schema"], parameter["example"]
    for name, header in document["components"]["headers"].items():
        if "example" in header:
            yield f"header {name}", header["schema"], header["example"]


def examples_in(place, content):
    for kind, media in content.items():
        if "example" in media:
            yield f"{place} {kind}", media["schema"], media["example"]
        for example in media.get("examples", {}).values():
            yield f"{place} {kind}", media["schema"], example["value"]


def resolved(document, value):
    while "$ref" in value:
        reference = value["$ref"]
        value = document
        for name in reference.removeprefix("#/").split("/"):
            value = value[name]
    return value
