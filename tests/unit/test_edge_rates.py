"""What an operator may change of the limits, and what is no limit."""

import pytest

from agent.errors import ConfigError
from control.edge.rates import RATES, Tier, rates_with


def test_without_wishes_the_table_is_as_it_stands() -> None:
    assert rates_with(None) == RATES


def test_a_wish_changes_its_tier_and_no_other() -> None:
    changed = rates_with("principal=2000/20, tenant=9000/20")

    assert (changed[Tier.PRINCIPAL].quota, changed[Tier.PRINCIPAL].window_s) == (2000, 20)
    assert changed[Tier.TENANT].quota == 9000
    assert {tier: changed[tier] for tier in (Tier.ADDRESS, Tier.CREDENTIAL)} == {
        tier: RATES[tier] for tier in (Tier.ADDRESS, Tier.CREDENTIAL)
    }


@pytest.mark.parametrize(
    "wish", ["principal", "principal=0/10", "principal=10/0", "everybody=10/10", "principal=-1/10", "a=b/c"]
)
def test_a_wish_that_would_open_or_close_everything_by_mistake_is_refused(wish: str) -> None:
    with pytest.raises(ConfigError, match="PARLEY_RATES"):
        rates_with(wish)
