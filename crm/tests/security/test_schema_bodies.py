"""The schema describes the bodies that the API takes: its own examples are sent, and none is refused for its shape."""

import re
from functools import cache
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve, reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from crm.kernel.web.schema import METHODS
from crm.kernel.workdays import clock
from crm.tests.assurance import oracle
from crm.tests.assurance.cells import Cell, ask, routes
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.retry_is_harmless import WRITES, Sender, Write
from crm.tests.assurance.world import World

pytestmark = pytest.mark.django_db
FORM = "multipart/form-data"
# The ids and days of an example are those of another institution, another year.
PEOPLE = frozenset({"person", "owner", "lead", "assistant"})
# Rows, files and days to come that an example can only name in its own words.
ROWS_NAMED = ("case", "present", "chair", "paper", "voucher", "file", "first_due_on")
DAYS = frozenset({"requested_on", "withdrawn_on", "paid_on", "value_date"})
# What a right body may meet: a rule, a state or a second person, never its own shape.
NOT_ITS_SHAPE = frozenset({200, 201, 409, 422})


def warned() -> str:
    """What the generator warns of while it makes the schema: two shapes of one name, a field it cannot describe."""
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        SchemaGenerator().get_schema(request=None, public=True)
    return " ".join([*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache])


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI file as it is served."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


def write_operations() -> dict[tuple[str, str], dict[str, Any]]:
    """{(route, method): operation} of everything that writes."""
    return {
        (resolve(re.sub(r"\{\w+\}", "1", path)).view_name, method.upper()): operation
        for path, operations in schema()["paths"].items()
        for method, operation in operations.items()
        if method in METHODS and method != "get"
    }


def content_of(operation: dict[str, Any]) -> dict[str, Any]:
    """{media type: description} of the body; empty for one without."""
    return dict(operation.get("requestBody", {}).get("content", {}))


def resolved(shape: dict[str, Any]) -> dict[str, Any]:
    """The shape that a reference means."""
    while "$ref" in shape or len(shape.get("allOf", ())) == 1:
        shape = shape["allOf"][0] if "allOf" in shape else schema()["components"]["schemas"][shape["$ref"][21:]]
    return shape


def sample(shape: dict[str, Any]) -> Any:
    """A value made from its description alone: the required fields, the first of a choice."""
    shape = resolved(shape)
    if "enum" in shape:
        return shape["enum"][0]
    if shape.get("format") == "binary":
        return SimpleUploadedFile("report.txt", "可行性研究".encode())
    if shape["type"] == "object":
        return {name: sample(shape["properties"][name]) for name in shape.get("required", ())}
    return {
        "string": "可行性研究报告已由主管部门批复",
        "integer": shape.get("minimum", 1),
        "boolean": True,
        "array": [],
    }[shape["type"]]


def bodies(write: Write) -> list[dict[str, Any]]:
    """Every example of the operation; one made from its shape where it shows none."""
    found = []
    for description in content_of(write_operations()[write.route, write.method]).values():
        examples = description.get("examples", {}).values()
        found += [example["value"] for example in examples] or [sample(description["schema"])]
    return found or [{}]


def at_home(body: Any, world: World, write: Write) -> Any:
    """The example with people, client and days of this world."""
    if isinstance(body, list):
        return [at_home(value, world, write) for value in body]
    if not isinstance(body, dict):
        return body
    found = {name: at_home(value, world, write) for name, value in body.items()}
    person = world.people["colleague" if write.route.startswith("api:complaint") else write.actor].pk
    ids = {**dict.fromkeys(PEOPLE, person), "subjects": [person], "client": world.situations["own"].client.pk}
    ids |= {"deputy": world.people["stranger"].pk, "asked_of": world.people["second_final_approver"].pk}
    ids |= {"assistant": world.people["assistant"].pk, **dict.fromkeys(DAYS, clock.today().isoformat())}
    return found | {name: value for name, value in ids.items() if name in found}


def test_every_write_of_the_schema_is_sent_here() -> None:
    assert set(write_operations()) == {(write.route, write.method) for write in WRITES}


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.route)
def test_the_schemas_own_example_is_not_refused_for_its_shape(walker: Walker, world: World, write: Write) -> None:
    sender = Sender(walker)
    for number, body in enumerate(bodies(write)):
        with sender.possible(write):
            url, sound, headers = sender.prepare(write)
            sent = at_home(body, world, write)
            sent |= {name: sound[name] for name in ROWS_NAMED if name in sent and name in sound}
            # The version that was read goes with it: in the body, or in the header where the example has none.
            if "expected_version" in sent:
                sent["expected_version"] = sound["expected_version"]
            elif "expected_version" in sound:
                headers["HTTP_IF_MATCH"] = f'"{sound["expected_version"]}"'
            answer = sender.send(write, url, sent, {**headers, "HTTP_IDEMPOTENCY_KEY": f"example {number}"})
            assert answer.status_code in NOT_ITS_SHAPE, (sent, answer.json())


def test_the_schema_describes_every_shape_without_a_warning() -> None:
    assert warned() == ""


def test_a_body_takes_no_field_that_its_schema_does_not_name() -> None:
    for (route, _method), operation in write_operations().items():
        for description in content_of(operation).values():
            assert resolved(description["schema"])["additionalProperties"] is False, route


def test_a_file_is_described_as_bytes_in_a_form_and_nowhere_as_an_address() -> None:
    uploads = []
    for (route, _method), operation in write_operations().items():
        for media, description in content_of(operation).items():
            fields = resolved(description["schema"]).get("properties", {})
            assert not [name for name, field in fields.items() if field.get("format") == "uri"], route
            files = [name for name, field in fields.items() if field.get("format") == "binary"]
            assert (media == FORM) == bool(files), route
            uploads += [route] * len(files)
    assert "api:project-documents" in uploads


def test_an_answer_tells_all_its_times_in_the_clock_of_the_institution(world: World) -> None:
    asked = {
        "client": ("initial", "owner"),
        "project": ("initial", "owner"),
        "review": ("approved", "owner"),
        "complaint": ("own", "complaints_officer"),
        "warning": ("team", "colleague"),
        "condition": ("approved", "owner"),
    }
    for model, (situation, actor) in asked.items():
        url = reverse(f"api:{model}-detail", args=[world.row(model, situation).pk])
        text = world.browsers[actor].get(url).content.decode()
        times = re.findall(r'"\d{4}-\d\d-\d\dT[\d:.]+([^"]*)"', text)
        assert times and set(times) == {"+08:00"}, (model, text)


# Who may read what: one of them sees a row of every kind.
READERS = ("auditor", "owner", "complaints_officer", "colleague", "finance", "risk_assessor", "system_admin", "head")


def test_every_answer_of_the_api_tells_its_times_in_the_clock_of_the_institution(world: World) -> None:
    compared, wrong, silent = 0, [], []
    for name, route in routes().items():
        spec = oracle.specs().get(name)
        if spec is None or not name.startswith("api:") or "GET" not in spec.methods:
            continue
        times: list[str] = []
        for situation in sorted(set(oracle.situations_of(name)) - {"absent"}):
            # The first who may read it.
            answers = (ask(world, route, Cell(name, "GET", actor, situation)) for actor in READERS)
            found = next((answer.text for answer in answers if answer.status == 200), "")
            times += re.findall(r'"\d{4}-\d\d-\d\dT[\d:.]+([^"]*)"', found)
        compared += len(times)
        wrong += [(name, offset) for offset in sorted(set(times) - {"+08:00"})]
        silent += [] if times else [name]
    assert wrong == []
    assert compared > 100
    print(f"{compared} times compared; without any: {silent}")
