"""Runs every check on an answer, once, within a bounded time."""

from agent.cascade.verify.algebra import check_algebra
from agent.cascade.verify.arithmetic import check_arithmetic
from agent.cascade.verify.citations import check_citations
from agent.cascade.verify.ending import check_cut_off, check_empty
from agent.cascade.verify.equations import equations
from agent.cascade.verify.features import ANSWER_FEATURES, Reading
from agent.cascade.verify.frame import question_of
from agent.cascade.verify.grounding import check_grounding
from agent.cascade.verify.handup import hand_up
from agent.cascade.verify.language import check_language
from agent.cascade.verify.manner import check_hedging, check_refusal, count_hedges
from agent.cascade.verify.shape import check_schema, check_tools
from agent.cascade.verify.tokens import clip
from agent.cascade.verify.verdict import Answer, Basis, Check, Verdict


def verify(answer: Answer, basis: Basis) -> Verdict:
    """What the checks that apply found. Long texts are judged by their beginning and end.

    The features are of the question alone: what an example before it gives is nothing to reckon with here.

    An answer that is JSON by order, or only calls tools, is held to its schema alone.
    """
    checks = [check_empty(answer), check_cut_off(answer)]
    handed = hand_up(answer.text) is True
    checks.append(Check("hand_up", not handed, "the small model handed the turn up" if handed else ""))
    shaped = [check_schema(answer, basis), check_tools(answer, basis)]
    if handed or basis.schema is not None or not answer.text.strip():
        checks += [check for check in shaped if check is not None]
        return Verdict(tuple(checks), Reading(_asked(basis), "", (), 0).values(checks))
    return _of_prose(clip(answer.text), basis, checks + [check for check in shaped if check is not None])


def _of_prose(text: str, basis: Basis, checks: list[Check]) -> Verdict:
    found, hedges = equations(text), count_hedges(text)
    applied = (
        check_arithmetic(found),
        check_algebra(text),
        check_citations(text, basis),
        check_grounding(text, basis, found),
        check_language(text, basis.language, clip(basis.question)),
        check_refusal(text),
        check_hedging(text, hedges),
    )
    checks = checks + [check for check in applied if check is not None]
    return Verdict(tuple(checks), Reading(_asked(basis), text, found, hedges).values(checks))


def _asked(basis: Basis) -> str:
    return clip(question_of(basis.question))


__all__ = ["ANSWER_FEATURES", "verify"]
