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
}
WRITES = {
    "403": "Visible, but not for this account to do.",
    "409": "Decided, moved on, locked or there already.",
    "412": "The version sent is not the present one.",
    "422": "A rule refuses it.",
    "428": "No version was sent.",
}
METHODS = ("get", "post", "put", "patch", "delete")


def document_problems(result: dict[str, Any], generator: Any, **_options: Any) -> dict[str, Any]:
    """A spectacular hook: every operation answers its refusals as `application/problem+json`."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method not in METHODS:
                continue
            reasons = EVERY if method == "get" else {**EVERY, **WRITES}
            for status, description in reasons.items():
                operation["responses"].setdefault(status, {"description": description, "content": content})
    return result
