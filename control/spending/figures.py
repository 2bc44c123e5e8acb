"""The figures of usage and savings, each from sums over the ledger's rows, and how each is computed.

Nothing here is estimated or assumed. A figure that no row can give is null.
"""

from collections.abc import Mapping
from typing import Final

from control.endpoints import Answer
from control.store.usage import Sums

COMPUTED: Final[Mapping[str, str]] = {
    "calls": "Rows of the ledger: every call to a provider, failed and repeated ones, probes, comparisons "
    + "and speech included. Those of conversations that were deleted are gone.",
    "turns": "Calls that gave an answer: one for each turn, and one more each time that it asked for a tool "
    + "first or was begun anew.",
    "cost_usd_micros": "Sum of what the calls cost, each at its day's price, with what a regional address "
    + "adds. Unpriced calls add nothing.",
    "unpriced_calls": "Calls whose cost is not known: no price for the model, or a provider that did not say "
    + "what it counted.",
    "compared_cost_usd_micros": "Sum of the cost of the calls to language models that stand in the "
    + "comparison with always-large: those whose cost and baseline are both known.",
    "always_large_usd_micros": "Over the same calls, the sum of what each turn's answer would have cost on "
    + "the first large model of its lane, for the same tokens at the prices of that day; a turn's other "
    + "calls add nothing to it, and their full cost to the other side.",
    "saved_usd_micros": "always_large_usd_micros - compared_cost_usd_micros.",
    "saved_share": "saved_usd_micros / always_large_usd_micros.",
    "uncompared_calls": "Calls to language models that are left out of that comparison.",
    "rivalled_cost_usd_micros": "As compared_cost_usd_micros, for the comparison with the best single model.",
    "best_single_usd_micros": "Over those calls, the sum of what each turn's answer would have cost on the "
    + "cheapest large model of its lane, for the same tokens at the prices of that day.",
    "saved_against_best_single_usd_micros": "best_single_usd_micros - rivalled_cost_usd_micros.",
    "unrivalled_calls": "Calls to language models that are left out of that comparison.",
    "cache_effect_usd_micros": "Sum, over the calls where both are known, of what each would have cost "
    + "without the provider's prompt cache minus what it cost. Below 0 where writing to the cache cost more "
    + "than it gave.",
    "strong_share": "Turns that the large tier answered, of all turns.",
    "escalation_rate": "Calls made because the small model's answer was not good enough, of all turns.",
    "tokens": "As the providers counted them; input includes what was read from and written to a cache.",
}
"""By name of the figure."""


class TokensAnswer(Answer):
    input: int
    cached: int
    cache_write: int
    output: int


class FiguresAnswer(Answer):
    """Money in millionths of a US dollar. How each figure is computed stands in `computed` of the answer."""

    calls: int
    turns: int
    cost_usd_micros: int
    unpriced_calls: int
    compared_cost_usd_micros: int
    always_large_usd_micros: int
    saved_usd_micros: int
    saved_share: float | None
    uncompared_calls: int
    rivalled_cost_usd_micros: int
    best_single_usd_micros: int
    saved_against_best_single_usd_micros: int
    unrivalled_calls: int
    cache_effect_usd_micros: int
    strong_share: float | None
    escalation_rate: float | None
    tokens: TokensAnswer
    audio_ms: int
    characters: int


def figures(sums: Sums) -> FiguresAnswer:
    saved = sums.always_large_usd_micros - sums.compared_cost_usd_micros
    return FiguresAnswer(
        calls=sums.calls,
        turns=sums.turns,
        cost_usd_micros=sums.cost_usd_micros,
        unpriced_calls=sums.unpriced_calls,
        compared_cost_usd_micros=sums.compared_cost_usd_micros,
        always_large_usd_micros=sums.always_large_usd_micros,
        saved_usd_micros=saved,
        saved_share=_share(saved, sums.always_large_usd_micros),
        uncompared_calls=sums.uncompared_calls,
        rivalled_cost_usd_micros=sums.rivalled_cost_usd_micros,
        best_single_usd_micros=sums.best_single_usd_micros,
        saved_against_best_single_usd_micros=sums.best_single_usd_micros - sums.rivalled_cost_usd_micros,
        unrivalled_calls=sums.unrivalled_calls,
        cache_effect_usd_micros=sums.uncached_usd_micros - sums.cached_cost_usd_micros,
        strong_share=_share(sums.strong_turns, sums.turns),
        escalation_rate=_share(sums.escalated_turns, sums.turns),
        tokens=TokensAnswer(
            input=sums.input_tokens,
            cached=sums.cached_tokens,
            cache_write=sums.cache_write_tokens,
            output=sums.output_tokens,
        ),
        audio_ms=sums.audio_ms,
        characters=sums.characters,
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole > 0 else None
