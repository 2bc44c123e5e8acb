"""What lives as long as a control process. `control/app.py` opens it, closes it and hands it out."""

from dataclasses import dataclass

from redis.asyncio import Redis

from agent.cascade.score.scorer import Scorer
from control.dispatch import Dispatcher
from control.edge.limits import Limits
from control.jobs import JobTokens
from control.keyring import KeyRing
from control.mail.mailroom import Mailroom
from control.media import MediaServer
from control.people.passwords import PasswordHasherPool
from control.people.pending import Pending
from control.people.provider_clients import Offered
from control.people.refusals import Refusals
from control.people.sign_up_codes import SignUpCodes
from control.store.db import Database
from control.watch import Watch


@dataclass(frozen=True, slots=True)
class Parts:
    """What lives as long as the process."""

    db: Database
    redis: Redis
    media: MediaServer
    passwords: PasswordHasherPool
    jobs: JobTokens
    ring: KeyRing
    mailroom: Mailroom
    sign_up_codes: SignUpCodes
    pending: Pending
    providers: Offered
    refusals: Refusals
    limits: Limits
    dispatcher: Dispatcher
    watch: Watch
    scorer: Scorer
