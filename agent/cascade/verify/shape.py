"""Whether an answer that has to be JSON is, follows its schema, and calls tools with arguments they take.

Schemas are the tenant's: nothing they refer to is fetched, and one that is itself wrong is passed over, since
the large model could not follow it either. Patterns in a schema are not run: a hostile one would hold the
event loop.
"""

import json
from collections.abc import Mapping
from typing import Any

from agent.cascade.verify.verdict import Answer, Basis, Check

_MOST = 200_000
"""Characters of JSON that are looked at; more fails."""

_FENCED = ("```json", "```")


def check_schema(answer: Answer, basis: Basis) -> Check | None:
    """Failed if the answer is no JSON or breaks the schema; None without one, or when tools come first."""
    if basis.schema is None or (answer.tool_calls and not answer.text.strip()):
        return None
    why = _why_not(_bare(answer.text), basis.schema)
    return Check("schema", why is None, why or "")


def check_tools(answer: Answer, basis: Basis) -> Check | None:
    """Failed if a call names an unknown tool or its arguments break the tool's schema; None without calls."""
    if not answer.tool_calls or basis.tools is None:
        return None
    for name, arguments in answer.tool_calls:
        if name not in basis.tools:
            return Check("tools", False, f"calls {name[:64]!r}, which the agent does not have")
        why = _why_not(arguments or "{}", basis.tools[name])
        if why is not None:
            return Check("tools", False, f"{name[:64]!r}: {why}")
    return Check("tools", True)


def _bare(text: str) -> str:
    """Without the fence that models like to put around JSON."""
    text = text.strip()
    for fence in _FENCED:
        if text.startswith(fence) and text.endswith("```") and len(text) > len(fence) + 3:
            return text[len(fence) : -3].strip()
    return text


def _why_not(text: str, schema: Mapping[str, Any]) -> str | None:
    """What is wrong, by its path in the document; None when nothing is."""
    if len(text) > _MOST:
        return f"longer than {_MOST} characters"
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return "not JSON"
    return _breach(value, schema)


def _breach(value: Any, schema: Mapping[str, Any]) -> str | None:
    # Imported here: it takes 0.15 s, and most agents have neither schema nor tools.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError, UnknownType
    from jsonschema.validators import extend
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    without_patterns = {"pattern": _pass, "patternProperties": _pass}
    bounded = extend(Draft202012Validator, without_patterns)  # type: ignore[no-untyped-call]  # its stub lacks types
    try:
        Draft202012Validator.check_schema(dict(schema))
        error = next(bounded(dict(schema), registry=Registry()).iter_errors(value), None)
    except (SchemaError, UnknownType, Unresolvable, RecursionError):
        return None
    return None if error is None else f"{error.json_path[:80]} breaks {error.validator!r}"


def _pass(*_: object) -> tuple[()]:
    return ()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
