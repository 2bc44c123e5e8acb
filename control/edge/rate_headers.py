"""The RateLimit headers of an answer.

Source: draft-ietf-httpapi-ratelimit-headers-10 (September 2025), sections 3 and 4: lists of structured
fields; `q` is a quota, `w` its window in seconds, `r` what is left, `t` the seconds until all of it is there.
"""

import math
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from control.edge.buckets import Bucket

BUCKETS: Final = web.RequestKey("buckets", list[Bucket])
"""What was taken for a request, once it was."""


def rate_headers(buckets: Sequence[Bucket]) -> dict[str, str]:
    """Every policy that applied, and the one that is nearest to its end. None without buckets."""
    if not buckets:
        return {}
    nearest = min(buckets, key=lambda bucket: bucket.remaining / bucket.rate.quota)
    policies = [f'"{bucket.tier}";q={bucket.rate.quota};w={bucket.rate.window_s}' for bucket in buckets]
    return {
        "RateLimit-Policy": ", ".join(policies),
        "RateLimit": f'"{nearest.tier}";r={nearest.remaining};t={math.ceil(nearest.full_s)}',
    }
