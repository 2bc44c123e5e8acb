"""The API's description as a page for people: the OpenAPI document in HTML, without a script."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any, Final

STYLE_PATH: Final = "/docs/style.css"
METHODS: Final = ("get", "post", "put", "patch", "delete")
LEAD: Final = (
    "Every address of the API. Send an API key as <code>Authorization: Bearer</code>. Errors are problem "
    "documents (RFC 9457); lists are newest first, with <code>next_cursor</code> for the next page; times "
    "are UTC. For programs: <a href='/v1/openapi.json'>openapi.json</a>."
)

Json = Mapping[str, Any]


def write_page(document: Json) -> str:
    """A whole HTML document; all that comes from `document` is escaped."""
    schemas: Json = document["components"]["schemas"]
    operations = [
        (operation["tags"][0], method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    operations.sort(key=lambda it: (it[0], it[2], METHODS.index(it[1])))
    groups = [(tag, list(items)) for tag, items in groupby(operations, key=lambda it: it[0])]
    contents = "".join(f"<li><a href='#{escape(tag)}'>{escape(tag)}</a></li>" for tag, _ in groups)
    sections = "".join(
        f"<section><h2 id='{escape(tag)}'>{escape(tag)}</h2>"
        + "".join(_operation(method, path, operation, schemas) for _, method, path, operation in items)
        + "</section>"
        for tag, items in groups
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Parley API</title><link rel='stylesheet' href='{STYLE_PATH}'></head>"
        f"<body><nav aria-label='Contents'><a href='/'>Parley</a><ul>{contents}</ul></nav>"
        f"<main><h1>API</h1><p>{LEAD}</p>{sections}</main></body></html>"
    )


def _operation(method: str, path: str, operation: Json, schemas: Json) -> str:
    parts = [
        f"<details id='{escape(operation['operationId'])}'><summary>"
        f"<code class='{method}'>{method.upper()}</code> <code>{escape(path)}</code> "
        f"<span>{escape(operation['summary'])}</span></summary>",
        f"<p>{_access(operation)}</p>",
    ]
    parameters = operation.get("parameters", [])
    if parameters:
        rows = [
            (item["name"], f"{item['in']}, {_type(item['schema'], schemas)}", item["required"], "")
            for item in parameters
        ]
        parts.append(_table("Parameters", rows))
    body = operation.get("requestBody")
    if body is not None:
        parts.append(_fields("Body", body["content"]["application/json"]["schema"], schemas))
    failures = []
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if status >= "400":
            failures.append(f"{status} {answer['description']}")
        elif "application/json" in content:
            parts.append(_fields(f"Answer {status}", content["application/json"]["schema"], schemas))
        else:
            parts.append(f"<h3>Answer {escape(status)}</h3><p>{escape(answer['description'])}</p>")
    parts.append(f"<h3>What may go wrong</h3><p>{escape(', '.join(failures))}</p></details>")
    return "".join(parts)


def _access(operation: Json) -> str:
    if "security" not in operation:
        return "Open to everybody."
    description: str = operation.get("description", "")
    if {} in operation["security"]:
        return "Open to everybody; who is signed in is known."
    return _prose(description)


def _fields(title: str, schema: Json, schemas: Json) -> str:
    found = _resolve(schema, schemas)
    required = set(found.get("required", []))
    rows = [
        (name, _type(field, schemas), name in required, field.get("description", ""))
        for name, field in found.get("properties", {}).items()
    ]
    about = found.get("description", "")
    lead = f"<p>{_prose(about)}</p>" if about else ""
    return _table(title, rows, lead) if rows else f"<h3>{escape(title)}</h3>{lead or '<p>Empty.</p>'}"


def _table(title: str, rows: Sequence[tuple[str, str, bool, str]], lead: str = "") -> str:
    lines = "".join(
        f"<tr><th scope='row'><code>{escape(name)}</code></th><td>{escape(kind)}</td>"
        f"<td>{'' if is_required else 'optional'}</td><td>{_prose(about)}</td></tr>"
        for name, kind, is_required, about in rows
    )
    return f"<h3>{escape(title)}</h3>{lead}<table>{lines}</table>"


def _resolve(schema: Json, schemas: Json) -> Json:
    reference = schema.get("$ref")
    found: Json = schema if reference is None else schemas[_name(reference)]
    return found


def _type(schema: Json, schemas: Json) -> str:
    """A type in words; of an object, its fields."""
    found = _resolve(schema, schemas)
    if "anyOf" in found:
        return " or ".join(dict.fromkeys(_type(choice, schemas) for choice in found["anyOf"]))
    if "enum" in found:
        return " | ".join(str(value) for value in found["enum"])
    if "const" in found:
        return str(found["const"])
    if found.get("type") == "array":
        return f"list of {_type(found.get('items', {}), schemas)}"
    if found.get("properties"):
        return "{" + ", ".join(found["properties"]) + "}"
    kind = str(found.get("type", "any"))
    form = found.get("format")
    return kind if form is None else f"{kind} ({form})"


def _prose(text: str) -> str:
    """Escaped, with code where it stands between backticks."""
    return "".join(
        f"<code>{escape(part)}</code>" if place % 2 else escape(part)
        for place, part in enumerate(" ".join(text.split()).split("`"))
    )


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
