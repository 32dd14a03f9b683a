"""What lessons of this room may name: its figures, and the experiments behind their claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drops.exercises.figure import Draw
from drops.networks.training import arriving, batches, cliff, columns, first_look, valley

FIGURES: dict[str, Draw] = {
    "flat-curves": first_look.draw_flat_curves,
    "first-loss": first_look.draw_first_loss,
    "step-share": first_look.draw_step_share,
    "eight-rows": first_look.draw_eight_rows,
    "two-starts": first_look.draw_two_starts,
    "race-two-starts": first_look.race_two_starts,
    "one-rate": valley.draw_one_rate,
    "column": columns.draw_column,
    "wine-rates": columns.draw_wine_rates,
    "race-columns": columns.race_columns,
    "arriving": arriving.draw_arriving,
    "who-learns": arriving.draw_who_learns,
    "race-starts": arriving.race_starts,
    "bowl": cliff.draw_bowl,
    "sweep": cliff.draw_sweep,
    "race-sweep": cliff.race_sweep,
    "batch-arrows": batches.draw_batch_arrows,
    "same-epochs": batches.draw_same_epochs,
    "race-batches": batches.race_batches,
    "ball": valley.draw_ball,
    "race-rules": valley.race_rules,
}
EXPERIMENTS: dict[str, Callable[..., Mapping[str, float]]] = {
    "wine_starts": first_look.wine_starts,
    "valley_steps": valley.valley_steps,
    "wine_rates": columns.wine_rates,
    "signal_size": arriving.signal_size,
    "start_learns": arriving.start_learns,
    "sweep": cliff.sweep,
    "batch_noise": batches.batch_noise,
    "batch_runs": batches.batch_runs,
    "steps_on_moons": valley.steps_on_moons,
}
