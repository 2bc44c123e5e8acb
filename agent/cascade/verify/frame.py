"""What of a prompt is the question: without the solved examples before it, and without the words around it
that only say "here it begins" and "now answer".

How a question is set says nothing about how hard it is, so score and checks read it without its frame.
What is no frame stays: an instruction in front of a question is part of what is asked.
"""

import re

_CALL = re.compile(
    r"\s*(?:\*\*)?(?:\b(?P<label>Answer|A|Solution|Response):|\n[ \t]*(?:The )?[Aa]nswer is:?)(?:\*\*)?\Z"
)
_CALL_CHARS = 40
_MOST_CHARS = 50_000
"""A longer prompt is a document that is asked about: it is not searched for examples."""
_BEGINS = re.compile(r"\s*(?:\*\*)?(?:Question|Q|Problem)(?: \d{1,3})?:(?:\*\*)?[ \t]*")
_MARKS = ("\nQuestion:", "\nQ:", "\nProblem:")
_SECOND_OPTION = re.compile(r"\s*\W?B[.):\]]")


def question_of(prompt: str) -> str:
    """The last question that the prompt asks; all of it, where nothing is a frame."""
    if len(prompt) > _MOST_CHARS:
        return prompt
    text = prompt.replace("\r\n", "\n").replace("\u00a0", " ").replace("\\$", "$").rstrip()
    # Searched in the end alone: blanks without end would be tried from each of them.
    call = _CALL.search(text, max(0, len(text) - _CALL_CHARS))
    if call is not None:
        text = text[: call.start()].rstrip()
        text = _after_examples(text, call["label"]) if call["label"] else text
    begins = _BEGINS.match(text)
    return text if begins is None else text[begins.end() :]


def _after_examples(text: str, label: str) -> str:
    """What follows the last answer that stands in it already, under the label that calls for the next."""
    answered = text.rfind(f"\n{label}:")
    if answered < 0:
        return text
    rest = text[answered:]
    begins = max(rest.rfind(mark) for mark in _MARKS)
    if begins < 0:
        begins = rest.find("\n\n")
    asked = rest[begins:].lstrip("\n") if begins >= 0 else ""
    # Options may be lettered with the same "A:".
    return text if not asked.strip() or _SECOND_OPTION.match(asked) else asked
