"""The command line of control: `up` runs everything here, `doctor` checks it, `serve` is one process of it.

An error of ours is one sentence on standard error and exit code 1; a traceback is a bug.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from agent.errors import AppError
from agent.wire import TENANT_PREFIX, TenantId, format_id, parse_id

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from control.store.db import Database

T = TypeVar("T")

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

audit_app = typer.Typer(no_args_is_help=True, help="The audit trail: show it, or check that it is whole.")
app.add_typer(audit_app, name="audit")

DataDir = Annotated[Path, typer.Option("--data-dir", help="The folder that keeps the stack's data.")]


def main() -> None:
    """`python -m control`"""
    try:
        app()
    except AppError as error:
        _fail(error)
    except ExceptionGroup as group:
        ours = _first_of_ours(group)
        if ours is None:
            raise
        _fail(ours)


@app.command()
def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the pages and the API.")] = 8080,
    data_dir: DataDir = Path(".parley"),
    no_demo: Annotated[bool, typer.Option("--no-demo", help="No demo tenant, no spoken self-check.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line on stdout when ready.")] = False,
) -> None:
    """Start everything on this machine and run it until Ctrl-C."""
    from control.local.stack import StackOptions
    from control.local.up import up as run_up

    options = StackOptions(port, data_dir, with_demo=not no_demo)
    _leave(asyncio.run(run_up(options, os.environ, as_json=as_json)))


@app.command()
def doctor(data_dir: DataDir = Path(".parley")) -> None:
    """Check every part of this machine and of a running stack, in words."""
    from control.local.doctor import examine

    raise typer.Exit(asyncio.run(examine(data_dir, os.environ)))


@app.command()
def serve() -> None:
    """Serve control alone, as a deployment runs it; the settings come from the environment."""
    from agent.logs import set_up_logging
    from agent.settings import load_control_settings
    from control.app import serve as serve_control

    settings = load_control_settings()
    set_up_logging(settings.log_level)
    asyncio.run(serve_control(settings))


@audit_app.command("verify")
def audit_verify(
    tenant: Annotated[str | None, typer.Option(help="Only that tenant's trail, by its id.")] = None,
    against: Annotated[Path | None, typer.Option(help="A sink's file, to find a cut end by.")] = None,
) -> None:
    """Say whether each tenant's trail is whole; exit code 1 if one is not."""
    from control.audit.inspection import verify

    chosen = None if tenant is None else _tenant_id(tenant)
    is_whole, said = _with_database(lambda db: verify(db, chosen, against))
    for line in said:
        typer.echo(line)
    raise typer.Exit(0 if is_whole else 1)


@audit_app.command("show")
def audit_show(tenant: str, limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100) -> None:
    """Print the newest events of a tenant as they were written, one JSON line each."""
    from control.audit.inspection import show

    for line in _with_database(lambda db: show(db, _tenant_id(tenant), limit)):
        typer.echo(line)


@app.command()
def sweep() -> None:
    """Delete what is due: conversations past their tenant's retention, and what expired long ago."""
    from control.records.retention import sweep as run_sweep

    swept = _with_database(run_sweep)
    if swept is None:
        typer.echo("another process is sweeping at this moment")
    else:
        typer.echo(f"deleted {swept.conversations} conversations and {swept.expired_rows} expired rows")


@app.command()
def savings(
    since: Annotated[str | None, typer.Option(help="A day or a moment; else this month's first.")] = None,
    until: Annotated[str | None, typer.Option(help="Before which calls began; else now.")] = None,
    tenant: Annotated[str | None, typer.Option(help="Only that tenant's, by its name or id.")] = None,
    by: Annotated[
        str, typer.Option(help="Told apart by lane, tier, agent, day, model, purpose or speaker.")
    ] = "lane",
    as_json: Annotated[bool, typer.Option("--json", help="Every figure, as one JSON object.")] = False,
) -> None:
    """Say what calls to models cost, and what the same turns would have cost another way."""
    from control.moments import read_moment
    from control.spending import savings as reports

    start = None if since is None else read_moment(since, "--since")
    end = None if until is None else read_moment(until, "--until")
    group = reports.read_group(by)
    found = _with_database(lambda db: reports.sum_savings(db, start, end, tenant, group))
    for line in [reports.as_json(found)] if as_json else reports.as_table(found):
        typer.echo(line)


@app.command()
def budgets(
    tenant: Annotated[str | None, typer.Option(help="Only that tenant's, by its name or id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As GET /v1/budgets, by tenant.")] = False,
) -> None:
    """Say what each tenant lets itself spend, and how much of that is spent, held and left."""
    from control.spending import budgets_report as reports

    found = _with_database(lambda db: reports.list_budgets(db, tenant))
    for line in [reports.as_json(found)] if as_json else reports.as_table(found):
        typer.echo(line)


@app.command()
def invite(email: Annotated[str, typer.Option(help="Whose the new tenant will be.")]) -> None:
    """Print a link by which somebody founds a tenant, also while sign-up is closed. Good for a day."""
    from agent.settings import load_control_settings
    from control.keyring import KeyRing
    from control.people.sign_up_codes import SignUpCodes

    settings = load_control_settings()
    codes = SignUpCodes(KeyRing.from_settings(settings.key_ring, settings.secret_key))
    typer.echo(f"{settings.public_url}/sign-up/{codes.make(email, by_operator=True)}")


@app.command()
def erase(email: Annotated[str, typer.Option(help="The address of the account that is to go.")]) -> None:
    """Erase a person: their account, their words, and who they were, in every tenant."""
    from agent.settings import load_control_settings
    from control.records.operator import erase_by_email

    erased = asyncio.run(erase_by_email(load_control_settings(), email))
    typer.echo(f"erased: {erased.turns} turns are tombstones, {len(erased.tenants)} tenants are deleted")


@app.command("export")
def export_command(tenant: str) -> None:
    """Write everything of a tenant to standard output, as JSON lines."""
    from control.records.operator import write_export

    _with_database(lambda db: write_export(db, _tenant_id(tenant), sys.stdout.buffer))


@app.command()
def history(
    tenant: Annotated[str, typer.Option(help="The tenant, by name or id.")],
    since: Annotated[str, typer.Option(help="A day or a moment, such as 2026-11-01; without a zone in UTC.")],
    out: Annotated[
        Path | None, typer.Option(help="The file to write; standard output when left out.")
    ] = None,
) -> None:
    """Write a tenant's labelled turns for `python -m agent.cascade replay`. Their words are in it."""
    from control.learning.history import write_history
    from control.moments import read_moment

    at = read_moment(since, "--since")
    count = _with_database(lambda db: write_history(db, tenant, at, out))
    typer.echo(f"{count} labelled turns of {tenant!r}", err=True)


@app.command()
def restore() -> None:
    """Read a tenant's copy from standard input into an empty, migrated database."""
    from control.records.restore import restore_tenant

    restored = _with_database(lambda db: restore_tenant(db, sys.stdin.buffer))
    rows = sum(restored.counts.values())
    typer.echo(f"restored {format_id(TENANT_PREFIX, restored.tenant_id)}: {rows} rows")


def _with_database(work: "Callable[[Database], Coroutine[None, None, T]]") -> T:
    """What `work` gives, with the database that the environment names."""
    from agent.settings import load_store_settings
    from control.store.db import Database

    async def run() -> T:
        settings = load_store_settings()
        db = await Database.open(settings.database_url, sends_audit=settings.audit_url is not None)
        try:
            return await work(db)
        finally:
            await db.aclose()

    return asyncio.run(run())


def _tenant_id(text: str) -> TenantId:
    """Raises: InvalidInput."""
    return TenantId(parse_id(TENANT_PREFIX, text))


def _first_of_ours(group: BaseExceptionGroup[BaseException]) -> AppError | None:
    """Of what went wrong side by side, the first that was meant for a person."""
    ours = group.subgroup(AppError)
    while ours is not None:
        head = ours.exceptions[0]
        if isinstance(head, AppError):
            return head
        ours = head if isinstance(head, BaseExceptionGroup) else None
    return None


def _leave(status: int) -> NoReturn:
    """Ends the process before the interpreter is torn down.

    The self-check has loaded livekit's native threads, which may still call back into Python then and
    abort the process after everything was stopped in order.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _fail(error: AppError) -> None:
    typer.secho(f"parley: {error}", err=True, fg="red")
    raise SystemExit(1)
