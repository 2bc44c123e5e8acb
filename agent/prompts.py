"""Loads the authored language in `prompts/`: Markdown, one text a file, `{name}` for what changes."""

from pathlib import Path

DIRECTORY = Path(__file__).resolve().parent.parent / "prompts"


def load_prompt(name: str, **values: str) -> str:
    """The text of `prompts/<name>.md` with its fields filled in.

    Raises: FileNotFoundError or KeyError when the file or a field is missing: both are our mistakes.
    """
    return (DIRECTORY / f"{name}.md").read_text(encoding="utf-8").strip().format(**values)


def write_instructions(agent_name: str, prompt: str = "", language: str = "en") -> str:
    """Our own rules first; then the language, when it is not English; then what the tenant adds to them."""
    parts = [load_prompt("instructions", agent_name=agent_name)]
    if language.partition("-")[0] != "en":
        parts.append(load_prompt("language", language=language))
    if prompt.strip():
        parts.append(load_prompt("of_the_team", prompt=prompt.strip()))
    return "\n\n".join(parts)
