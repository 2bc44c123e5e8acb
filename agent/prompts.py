"""Loads the authored language in `prompts/`: Markdown, one text a file, `{name}` for what changes."""

from pathlib import Path

DIRECTORY = Path(__file__).resolve().parent.parent / "prompts"


def load_prompt(name: str, **values: str) -> str:
    """The text of `prompts/<name>.md` with its fields filled in.

    Raises: FileNotFoundError or KeyError when the file or a field is missing: both are our mistakes.
    """
    return (DIRECTORY / f"{name}.md").read_text(encoding="utf-8").strip().format(**values)
