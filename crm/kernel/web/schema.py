"""What the OpenAPI file says for every operation alike: the problem format and when which status comes."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, texts follow Accept-Language or the account's language.",
    "required": ["type", "title", "status", "code", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
        "request_id": {"type": "string"},
    },
}
EVERY = {
    "400": "The input has the wrong shape, or names a field, filter or ordering that does not exist.",
    "401": "No key or session, or one that is no longer good.",
    "404": "Absent, or not for this account's eyes.",
    "429": "Too many requests; wait before the next one.",
}
# Of a GET that answers a file.
FILES = {"403": "Visible, but not for this account to take.", "409": "There is no file, not yet or no more."}
WRITES = {
    "403": "Visible, but not for this account to do.",
    "409": "Decided, moved on, locked or there already; `in_flight`: the first request with this key is not done yet.",
    "412": "The version sent is not the present one.",
    "413": "The body is longer than allowed.",
    "415": "A body in another format or encoding than the one described.",
    "422": "A rule refuses it; `key_reused`: the key came with another request before.",
    "428": "No version was sent.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A text of your choice, new for each act. Sent again within a day with the same request, it has no "
    "second effect and gets the first answer again. Refusals are not kept.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[ -~]+$"},
}
# A key in an address; a generator of clients should make it a number, as in every body.
ROW_ID = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
METHODS = ("get", "post", "put", "patch", "delete")


def name_parameters(result: dict[str, Any], generator: Any, **_options: Any) -> dict[str, Any]:
    """A spectacular hook: keys in addresses are numbers, and filters have no title, only a description.

    A title is a label in the reader's language; generators of clients name classes and files after it.
    """
    operations = [found for path in result["paths"].values() for name, found in path.items() if name in METHODS]
    for parameter in [parameter for operation in operations for parameter in operation.get("parameters", ())]:
        if parameter["in"] == "path":
            parameter["schema"] = dict(ROW_ID)
        for shape in (parameter["schema"], parameter["schema"].get("items", {})):
            shape.pop("title", None)
            if parameter["in"] == "query":
                # An empty filter is one that was not set.
                shape.pop("minLength", None)
    return result


def close_bodies(result: dict[str, Any], generator: Any, **_options: Any) -> dict[str, Any]:
    """A spectacular hook: a body takes no field that it does not name (`StrictMixin`), and so says its schema."""
    schemas = result["components"]["schemas"]
    waiting = [found["requestBody"] for path in result["paths"].values() for found in path.values() if _has_body(found)]
    closed: set[str] = set()
    while waiting:
        shape = waiting.pop()
        if not isinstance(shape, dict):
            continue
        name = str(shape.get("$ref", "")).rpartition("/")[2]
        if name and name not in closed:
            closed.add(name)
            waiting.append(schemas[name])
        if "properties" in shape:
            shape["additionalProperties"] = False
        for value in shape.values():
            waiting += value if isinstance(value, list) else [value]
    return result


def _has_body(operation: Any) -> bool:
    return isinstance(operation, dict) and "requestBody" in operation


def document_problems(result: dict[str, Any], generator: Any, **_options: Any) -> dict[str, Any]:
    """A spectacular hook: every operation answers its refusals as `application/problem+json`."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method not in METHODS:
                continue
            is_file = "application/octet-stream" in operation["responses"].get("200", {}).get("content", {})
            reasons = {**EVERY, **(FILES if is_file else {})} if method == "get" else {**EVERY, **WRITES}
            if method != "get":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            for status, description in reasons.items():
                operation["responses"].setdefault(status, {"description": description, "content": content})
    return result
