"""`python -m agent.cascade`: the cascade's command line. What is wrong with the input is one sentence on
standard error and exit code 2; a traceback is a bug."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agent.command_line import run_command_line

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    run_command_line(app)


@app.callback()
def cascade() -> None:
    """The model cascade: each turn on the cheapest model that answers it well."""


@app.command(name="replay")
def replay_command(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSONL, one turn a line, - for standard input: id, prompt, weak and strong (quality of the "
            "small and of the large model, 0 to 1, or all of them on a judge's scale to 10 or 100); optional "
            "weak_response, strong_response, context (text, or a list of numbered passages), cost_weak and "
            "cost_strong (dollars). Other fields are ignored."
        ),
    ],
    preset: Annotated[str, typer.Option(help="The preset whose models would answer.")] = "default",
    policy: Annotated[
        str,
        typer.Option(
            help="default (what ships: the small model's answer is read where one is recorded, else the "
            "prompt alone), before (the prompt alone), verified (how many checks the answer fails), length, "
            "random, or a JSON file of a tenant: strong_share or spend_per_turn_usd_micros, weights, "
            "thresholds."
        ),
    ] = "default",
    labels: Annotated[
        Path | None,
        typer.Option(
            help="JSONL of the same form: a tenant's labels, which the score learns from (100 at least). "
            "Rows of FILE whose question is among them are left out, in whatever form it is put."
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="One JSON object: n, policy, labels, apgr, apgr_ci, cpt50, cpt80, saved_at_95, and "
            "strong_share, the share of strong calls at which saved_at_95 is reached.",
        ),
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Write the curve to this SVG file.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the bootstrap that gives the intervals.")] = 0,
) -> None:
    """Run recorded turns through a policy and measure it, without calling a model.

    Prints APGR, CPT(50 %), CPT(80 %) and the cost saved at 95 % of the large model's quality, each with a
    95 % interval. Without recorded costs a large call costs 20 times a small one.
    """
    from agent.cascade.replay.plot import check_plot_path, write_plot
    from agent.cascade.replay.report import print_report
    from agent.cascade.replay.session import run
    from agent.settings import load_models_file

    check_plot_path(plot)
    with Console(stderr=True).status("reading") as status:
        outcome = run(
            file,
            preset,
            policy,
            labels,
            seed=seed,
            today=datetime.now(UTC).date(),
            models_file=load_models_file(),
            tell=lambda rows: status.update(f"{rows:,} rows are done"),
        )
    if plot is not None:
        write_plot(outcome, plot)
    if as_json:
        for note in outcome.notes:
            sys.stderr.write(f"{note}\n")
        sys.stdout.write(json.dumps(outcome.as_json()) + "\n")
    else:
        print_report(outcome, Console())
