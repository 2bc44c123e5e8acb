"""What every body is made of: strict, frozen models, and numbers and moments that PostgreSQL can hold."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Integer = Annotated[int, Field(ge=0, le=2**31 - 1)]
BigInteger = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""Counts, as far as PostgreSQL's integer and bigint can hold them."""


def _is_of_our_time(at: datetime) -> datetime:
    """Raises: ValueError for a moment that no clock of a writer shows, and that no other zone could name."""
    if not 2000 <= at.year < 3000:
        raise ValueError("the year is not between 2000 and 2999")
    return at


Moment = Annotated[datetime, AfterValidator(_is_of_our_time)]


class Wire(BaseModel):
    """A body between agent and control: unknown fields are refused, values are frozen.

    What breaks a rule is not repeated in the error: it may be a key, or what somebody said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
