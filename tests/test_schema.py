"""The OpenAPI document is complete, committed and true: lists take its parameters, and answers have its fields."""

import json
from pathlib import Path

import pytest
import yaml
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema
from openapi_spec_validator import OpenAPIV31SpecValidator

from kb.api import VIEWSETS
from sources.history.version_api import VersionedViewSet
from tests.factory import make_agreement
from tests.routes import API_LISTS, identifier

COMMITTED = Path(__file__).resolve().parent.parent / "docs" / "openapi.yaml"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_it_is_made_without_a_warning(capsys):
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        document = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, (GENERATOR_STATS._warn_cache, GENERATOR_STATS._error_cache)
    validate_schema(document)
    assert document["openapi"].startswith("3.1")


def test_the_committed_document_is_the_present_one(schema):
    made = OpenApiYamlRenderer().render(schema, renderer_context={})
    assert COMMITTED.read_bytes() == made, "run make schema"


def test_the_address_serves_the_same_document(client, schema):
    served = client.get("/api/v1/schema/", {"format": "json"})
    assert served.status_code == 200
    assert served.json()["paths"].keys() == schema["paths"].keys()
    assert yaml.safe_load(client.get("/api/v1/schema/").content)["paths"].keys() == schema["paths"].keys()


def test_every_list_and_record_is_described(schema):
    for name, viewset in VIEWSETS.items():
        assert f"/api/v1/{name}/" in schema["paths"]
        assert any(path.startswith(f"/api/v1/{name}/{{") for path in schema["paths"]), name
        assert viewset.__doc__.strip().rstrip(".") in schema["paths"][f"/api/v1/{name}/"]["get"]["description"]


def test_only_reading_is_described(schema):
    assert {method for path in schema["paths"].values() for method in path} == {"get"}


# A value of the right kind for each type of parameter; a choice gives its own.
VALUES = {"string": "x", "integer": "3", "boolean": "true", "array": "x"}
# Parameters that take text of a form, or the name of something that must exist.
FORMS = {
    "ordering": lambda viewset: viewset.orderings.names()[0], "fields": lambda viewset: viewset.serializer_class.Meta.fields[0],
    "include": lambda viewset: next(iter(getattr(viewset.serializer_class.Meta, "includes", ())), None), "cursor": lambda viewset: None, "facets": lambda viewset: "kind,type",
    "year": lambda viewset: "2025", "in_office": lambda viewset: "2025",
}  # fmt: skip


def value_for(parameter, viewset):
    name, shape = parameter["name"], parameter["schema"]
    if name in FORMS:
        return FORMS[name](viewset)
    item = viewset.filterset_class.base_filters.get(name)
    if item is not None and "lookup" in item.extra:
        return None
    if name.endswith(("after", "before")):
        return "2025"
    choices = shape.get("enum") or shape.get("items", {}).get("enum")
    if not choices and item is not None and "choices" in item.extra:
        choices = [key for key, _label in item.field.choices]
    return choices[0] if choices else VALUES[shape["type"]]


def test_every_documented_parameter_is_taken(client, schema, subtests):
    for name in VIEWSETS:
        with subtests.test(name):
            viewset = VIEWSETS[name]
            parameters = schema["paths"][f"/api/v1/{name}/"]["get"]["parameters"]
            for parameter in parameters:
                value = value_for(parameter, viewset)
                if value is not None:
                    answer = client.get(f"/api/v1/{name}/", {parameter["name"]: value})
                    assert answer.status_code == 200, (parameter["name"], value, answer.content)


def test_every_parameter_that_is_taken_is_documented(schema, subtests):
    for name in VIEWSETS:
        with subtests.test(name):
            documented = {parameter["name"] for parameter in schema["paths"][f"/api/v1/{name}/"]["get"]["parameters"]}
            assert documented == {*VIEWSETS[name].filterset_class.base_filters, *VIEWSETS[name].list_parameters()}


def shape_of(schema, node):
    """The node behind references."""
    while True:
        if "$ref" in node:
            node = schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
        elif len(node.get("allOf", ())) == 1:
            node = node["allOf"][0]
        elif options := [option for option in node.get("oneOf", node.get("anyOf", ())) if option.get("type") != "null"]:
            node = options[0]
        else:
            return node


def mismatches(schema, node, value, path=""):
    """Where a value is not of the form that the document gives it."""
    node = shape_of(schema, node)
    if value is None:
        return
    if isinstance(value, dict) and "properties" in node:
        unknown = set(value) - set(node["properties"])
        if unknown:
            yield f"{path}: {sorted(unknown)} not documented"
        for key, item in value.items():
            if key in node["properties"]:
                yield from mismatches(schema, node["properties"][key], item, f"{path}.{key}")
    elif isinstance(value, list):
        if node.get("type") != "array":
            yield f"{path}: a list, documented as {node.get('type')}"
        for item in value[:3] if "items" in node else ():
            yield from mismatches(schema, node["items"], item, f"{path}[]")
    elif not fits(value, node.get("type")):
        yield f"{path}: {value!r} is documented as {node.get('type')}"


PYTHON = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list}


def fits(value, types):
    types = [types] if isinstance(types, str) else types or []
    return not types or any(kind != "null" and isinstance(value, PYTHON[kind]) for kind in types)


class TestContent:
    """Answers with the published content have the documented form."""

    def test_a_list(self, content, client, schema, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                operation = schema["paths"][f"/api/v1/{name}/"]["get"]
                body = client.get(f"/api/v1/{name}/", {"page_size": "20"}).json()
                assert body["results"] or name in ("contested",)
                documented = operation["responses"]["200"]["content"]["application/json"]["schema"]
                assert list(mismatches(schema, documented, body)) == []

    def test_a_record_has_exactly_the_documented_keys(self, content, client, schema, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                address, viewset = API_LISTS[f"api-{name}"]
                path = next(
                    path for path in schema["paths"] if path.startswith(f"/api/v1/{name}/{{") and path.count("/") == 5
                )
                documented = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
                for row in viewset.serializer_class.rows().order_by("pk")[:5]:
                    body = client.get(f"{address}{identifier(row)}/").json()
                    assert set(body) == set(shape_of(schema, documented)["properties"]), json.dumps(sorted(body))
                    assert list(mismatches(schema, documented, body)) == []

    def test_frozen_versions(self, content, client, schema, subtests):
        for name in VIEWSETS:
            with subtests.test(name):
                address, viewset = API_LISTS[f"api-{name}"]
                if not issubclass(viewset, VersionedViewSet):
                    continue
                row = viewset.serializer_class.rows().order_by("pk").first()
                for last, path in (("history/", "history/"), ("v/1/", "v/{number}/")):
                    operation = schema["paths"][f"{address}{{slug}}/{path}"]["get"]
                    documented = operation["responses"]["200"]["content"]["application/json"]["schema"]
                    body = client.get(f"{address}{row.slug}/{last}").json()
                    assert list(mismatches(schema, documented, body)) == [], last


# What other tools make of it


def test_a_validator_that_others_use_accepts_it(schema):
    document = yaml.safe_load(COMMITTED.read_text())
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_operation_says_what_else_it_answers(schema):
    for path, operations in schema["paths"].items():
        answers = operations["get"]["responses"]
        refusals = {"400", "429"} | ({"404"} if "{" in path else set())
        assert refusals | {"200", "304"} <= set(answers), path
        for status in refusals | ({"410"} & set(answers)):
            documented = answers[status]["content"]["application/problem+json"]["schema"]
            assert documented == {"$ref": "#/components/schemas/Problem"}, (path, status)


def test_answers_410_and_301_are_documented_for_records(schema, subtests):
    for name in [name for name, viewset in VIEWSETS.items() if issubclass(viewset, VersionedViewSet)]:
        with subtests.test(name):
            of_record = [path for path in schema["paths"] if path.startswith(f"/api/v1/{name}/{{")]
            assert of_record
            for path in of_record:
                assert {"301", "404", "410"} <= set(schema["paths"][path]["get"]["responses"]), path


def test_refusals_have_the_documented_form(client, schema):
    record = make_agreement(slug="gone", status="withdrawn")
    documented = schema["components"]["schemas"]["Problem"]
    for address, status in (
        ("/api/v1/agreements/?bogus=1", 400),
        ("/api/v1/agreements/nowhere/", 404),
        (f"/api/v1/agreements/{record.slug}/", 410),
    ):
        answer = client.get(address)
        assert answer.status_code == status
        assert list(mismatches(schema, documented, answer.json())) == []
        assert set(documented["required"]) <= set(answer.json())


def test_rows_of_text_are_documented_as_text(schema):
    for name in VIEWSETS:
        content = schema["paths"][f"/api/v1/{name}/"]["get"]["responses"]["200"]["content"]
        assert {
            kind: answer["schema"].get("type") for kind, answer in content.items() if kind != "application/json"
        } == {
            "text/csv": "string",
            "application/jsonl": "string",
        }


def test_nothing_is_promised_that_chosen_fields_leave_out(schema):
    for name in VIEWSETS:
        for path in (
            f"/api/v1/{name}/",
            next(path for path in schema["paths"] if path.startswith(f"/api/v1/{name}/{{")),
        ):
            answer = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            form = shape_of(schema, answer)
            row = shape_of(schema, form["properties"]["results"]["items"]) if "results" in form["properties"] else form
            assert "required" not in row, name
