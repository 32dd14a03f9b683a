"""What lessons of this room may name: its figures, and the experiments behind their claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drops.exercises.figure import Draw
from drops.networks.training import (
    adam,
    arriving,
    batch_norm,
    batches,
    brakes,
    cliff,
    columns,
    first_look,
    plans,
    rare,
    valley,
)

FIGURES: dict[str, Draw] = {
    "flat-curves": first_look.draw_flat_curves,
    "first-loss": first_look.draw_first_loss,
    "step-share": first_look.draw_step_share,
    "eight-rows": first_look.draw_eight_rows,
    "two-starts": first_look.draw_two_starts,
    "race-two-starts": first_look.race_two_starts,
    "one-rate": valley.draw_valley,
    "race-columns": columns.race_columns,
    "arriving": arriving.draw_arriving,
    "race-starts": arriving.race_starts,
    "race-sweep": cliff.race_sweep,
    "batch-arrows": batches.draw_batch_arrows,
    "race-batches": batches.race_batches,
    "ball": valley.draw_valley,
    "race-rules": valley.race_rules,
    "adam-valley": adam.draw_adam_valley,
    "layer-sizes": batch_norm.draw_layer_sizes,
    "race-norm": batch_norm.race_norm,
    "masks": brakes.draw_masks,
    "race-wine": adam.race_wine,
    "race-decays": brakes.race_decays,
    "race-dropouts": brakes.race_dropouts,
    "race-plans": plans.race_plans,
    "patience": plans.draw_patience,
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
    "adam_first": adam.adam_first,
    "adam_hot": adam.adam_hot,
    "norm_learns": batch_norm.norm_learns,
    "norm_batch": batch_norm.norm_batch,
    "brake_scores": brakes.brake_scores,
    "plan_ends": plans.plan_ends,
    "patience": plans.patience,
    "rare": rare.rare,
}
