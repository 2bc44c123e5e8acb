"""Every handler of control, put together from the parts that live as long as the process."""

from pathlib import Path

from agent.settings import ControlSettings
from control.agents import Agents
from control.agents_desk import AgentsDesk
from control.allowed_origins import AllowedOrigins
from control.attendance import Attendance
from control.auth import Authenticator
from control.conversations import Conversations
from control.deployment import Deployment
from control.documents import Documents
from control.health import Health
from control.internal import JobDesk
from control.keys.api_keys import ApiKeys
from control.keys.desk import KeysDesk
from control.keys.provider_keys import ProviderKeys
from control.learning.desk import RouterDesk
from control.learning.labels import LabelDesk
from control.pages import Pages
from control.parts import Parts
from control.people.account import Account
from control.people.account_desk import AccountDesk
from control.people.desk import PeopleDesk
from control.people.email_change import EmailChange
from control.people.factor_changes import FactorChanges
from control.people.factor_removal import FactorRemoval
from control.people.factors import Factors
from control.people.identities import Identities
from control.people.invitations import Invitations
from control.people.joining import Joining
from control.people.letter_limit import LetterLimit
from control.people.members import Members
from control.people.own_factors import OwnFactors
from control.people.own_sessions import OwnSessions
from control.people.passkey_challenges import PasskeyChallenges
from control.people.passkeys import Passkeys
from control.people.password_reset import PasswordReset
from control.people.provider_desk import ProviderDesk
from control.people.provider_sign_in import ProviderSignIn
from control.people.recovery_codes import RecoveryCodes
from control.people.sessions import Sessions
from control.people.sign_up import SignUp
from control.people.starting import SessionStarter
from control.people.tenants import Tenants
from control.people.totp import Totp
from control.records.desk import RecordsDesk
from control.records.erasure import Erasure
from control.removals import Removals
from control.rooms import Rooms
from control.routes import Handlers
from control.spending.allowances import AllowanceDesk
from control.spending.budgets_desk import BudgetsDesk
from control.spending.usage_desk import UsageDesk
from control.tokens import TokenIssuer
from control.tools.calls import ToolCalls
from control.tools.claims import Claims
from control.tools.contents import Contents
from control.tools.desk import ToolsDesk
from control.tools.tools import Tools
from control.webhooks import Webhooks
from control.workers import Workers


def build_handlers(settings: ControlSettings, parts: Parts, static_dir: Path) -> Handlers:
    db, media = parts.db, parts.media
    auth = Authenticator(db, parts.jobs, parts.ring, settings.public_url)
    workers = Workers(parts.redis, settings.livekit, on_arrival=parts.watch.wake)
    provider_keys = ProviderKeys(db, parts.ring, settings.public_url, settings.model_hosts)
    removals = Removals(db, media)
    passkeys = Passkeys(db, parts.pending, settings.public_url)
    totp, codes = Totp(parts.ring), RecoveryCodes(parts.ring)
    factors = Factors(db, parts.limits, parts.mailroom, totp=totp, codes=codes, passkeys=passkeys)
    joining = Joining(db)
    starter = SessionStarter(db, auth, factors, parts.pending, joining)
    people = _people(settings, parts, starter, joining)
    changes = FactorChanges(parts.mailroom, codes)
    return Handlers(
        account=AccountDesk(
            account=Account(
                db, parts.limits, passwords=parts.passwords, starter=starter, mailroom=parts.mailroom
            ),
            sessions=_sessions(parts, auth, starter, factors),
            own_sessions=OwnSessions(
                db,
                parts.limits,
                passwords=parts.passwords,
                factors=factors,
                starter=starter,
                refusals=parts.refusals,
            ),
            own_factors=OwnFactors(db, parts.limits, totp, passkeys, changes),
            factor_removal=FactorRemoval(db, parts.limits, parts.passwords, changes),
            passkey_challenges=PasskeyChallenges(parts.pending, passkeys),
        ),
        allowances=AllowanceDesk(db),
        agents=AgentsDesk(Agents(db, settings.agent_name, settings.models_file), Documents(db)),
        allowed_origins=AllowedOrigins(db),
        auth=auth,
        budgets=BudgetsDesk(db),
        conversations=Conversations(db),
        deployment=Deployment(settings, workers),
        health=Health(db, parts.redis, media),
        job_desk=JobDesk(db, parts.jobs, provider_keys, parts.scorer, settings.agent_name),
        labels=LabelDesk(db),
        routing=RouterDesk(db, parts.scorer),
        keys=KeysDesk(ApiKeys(db, parts.ring), provider_keys),
        pages=Pages(settings.livekit.public_url, static_dir),
        people=people,
        providers=_providers(settings, parts, starter, joining, people.sign_up),
        removals=removals,
        records=RecordsDesk(db, auth, Erasure(db, removals)),
        rooms=Rooms(
            db,
            media,
            parts.dispatcher,
            workers,
            agent_name=settings.agent_name,
            public_url=settings.public_url,
        ),
        tools=_tools(settings, parts),
        tokens=TokenIssuer(db, media, settings.agent_name),
        usage=UsageDesk(db),
        webhooks=Webhooks(parts.redis, parts.dispatcher, Attendance(db), removals, media, settings.livekit),
        workers=workers,
    )


def _tools(settings: ControlSettings, parts: Parts) -> ToolsDesk:
    contents = Contents(parts.ring, settings.public_url, settings.tool_hosts)
    return ToolsDesk(Tools(parts.db, contents), ToolCalls(parts.db), Claims(parts.db, contents))


def _sessions(parts: Parts, auth: Authenticator, starter: SessionStarter, factors: Factors) -> Sessions:
    return Sessions(
        parts.db,
        auth,
        parts.limits,
        passwords=parts.passwords,
        factors=factors,
        pending=parts.pending,
        starter=starter,
        refusals=parts.refusals,
    )


def _people(settings: ControlSettings, parts: Parts, starter: SessionStarter, joining: Joining) -> PeopleDesk:
    db, mailroom, passwords = parts.db, parts.mailroom, parts.passwords
    limit = LetterLimit(parts.redis)
    return PeopleDesk(
        sign_up=SignUp(
            db,
            parts.sign_up_codes,
            limit,
            mailroom=mailroom,
            passwords=passwords,
            starter=starter,
            is_open=settings.is_sign_up_open,
        ),
        password_reset=PasswordReset(db, limit, mailroom=mailroom, passwords=passwords),
        email_change=EmailChange(db, limit, mailroom, settings.public_url),
        members=Members(db, Removals(db, parts.media)),
        invitations=Invitations(
            db,
            limit,
            joining,
            mailroom=mailroom,
            passwords=passwords,
            starter=starter,
            public_url=settings.public_url,
        ),
        tenants=Tenants(db, parts.media, starter, is_sign_up_open=settings.is_sign_up_open),
    )


def _providers(
    settings: ControlSettings,
    parts: Parts,
    starter: SessionStarter,
    joining: Joining,
    sign_up: SignUp,
) -> ProviderDesk:
    offered = parts.providers
    identities = Identities(parts.db, parts.mailroom, [it.settings for it in offered.values()])
    return ProviderDesk(
        identities,
        ProviderSignIn(
            parts.db,
            parts.pending,
            starter,
            identities,
            joining=joining,
            newcomers=sign_up,
            offered=offered,
            public_url=settings.public_url,
        ),
    )
