"""Every error that Parley raises on purpose.

    AppError
    ├── ConfigError            a setting is missing or wrong: says which and how to set it
    ├── NotAllowed             the caller is known but may not do this
    │   ├── ReauthenticationRequired  not before they have proved again who they are
    │   └── StalePage          the page's `X-CSRF-Token` is missing or of another session: ask for it again
    ├── NotAuthenticated       no credential, or one that is unknown or expired
    ├── NotFound               no such thing in this tenant
    ├── Conflict               the thing exists, or was changed by someone else
    │   ├── StaleEpoch         a newer job serves this conversation: stop writing
    │   └── StillRunning       the same request, by its Idempotency-Key, is under way
    ├── InvalidInput           what was sent breaks a rule; `field` names the place
    │   └── IdempotencyMismatch  the Idempotency-Key was used for another request
    ├── TooMany                a limit was reached; `retry_after_s` says how long to wait
    │   └── BudgetSpent        the tenant's own cap on what it spends
    ├── Unavailable            something Parley depends on does not answer
    │   ├── DatabaseUnavailable
    │   ├── ControlUnavailable the control plane, as seen by an agent
    │   └── ProviderUnavailable a model provider, after every candidate was tried
    └── StackError             the local stack cannot start: one sentence and the fix

Domain code raises these and knows no HTTP status; `control/middleware.py` maps them.
"""


class AppError(Exception):
    """Base of all. `code` is stable and machine-readable; the message is for a person."""

    code = "error"


class ConfigError(AppError):
    code = "config"


class NotAllowed(AppError):
    code = "not_allowed"


class ReauthenticationRequired(NotAllowed):
    code = "reauthentication_required"


class StalePage(NotAllowed):
    code = "stale_page"


class NotAuthenticated(AppError):
    code = "not_authenticated"


class NotFound(AppError):
    code = "not_found"


class Conflict(AppError):
    code = "conflict"


class StaleEpoch(Conflict):
    code = "stale_epoch"


class StillRunning(Conflict):
    code = "still_running"


class InvalidInput(AppError):
    """`field` is a dotted path into the body, or None when the whole body is meant."""

    code = "invalid_input"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class IdempotencyMismatch(InvalidInput):
    code = "idempotency_mismatch"


class TooMany(AppError):
    code = "too_many"

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BudgetSpent(TooMany):
    code = "budget_spent"


class Unavailable(AppError):
    code = "unavailable"


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"


class ControlUnavailable(Unavailable):
    code = "control_unavailable"


class ProviderUnavailable(Unavailable):
    code = "provider_unavailable"


class StackError(AppError):
    code = "stack"
