"""The live figures of the lessons: a ```figure fence's name → blocks that move.

A figure is a function of the fence's parameters. It returns blocks, and the numbers that
the prose beside it uses, so that `drops check` can hold them against the fence's `expect`.
"""

from __future__ import annotations

from drops.exercises.figure import Draw
from drops.networks import asked, given
from drops.networks.depth.any_function import (
    bump_figure,
    draw_beyond,
    draw_heights,
    draw_learned_range,
    fit_and_leave,
)
from drops.networks.depth.approximation_figures import draw_kinks, draw_within
from drops.networks.depth.deep_figures import (
    draw_bets,
    draw_fading,
    draw_two_budgets,
)
from drops.networks.depth.slow_training import gradient_gauge
from drops.networks.depth.wide_deep import draw_duel, draw_two_tasks
from drops.networks.depth.width_and_brake import draw_opinions, race_widths
from drops.networks.design.table_figures import draw_columns, draw_points, draw_pushes, draw_two_columns
from drops.networks.forward.layout_figures import (
    draw_another_net,
    draw_four_tables,
    draw_net,
    draw_side_table,
    draw_three_neurons,
)
from drops.networks.forward.loss_figures import (
    draw_again,
    draw_four_rows,
    draw_nudge,
    draw_two_models,
)
from drops.networks.forward.net231_figures import (
    backward_figure,
    hidden_figure,
    layout_figure,
    prediction_figure,
    step_figure,
)
from drops.networks.forward.output_figures import draw_last_squash, draw_last_sum
from drops.networks.forward.squares import draw_parabola, squares_figure
from drops.networks.neuron.bird_figures import draw_birds, draw_squash_off
from drops.networks.neuron.chain_figures import draw_conveyor, draw_reading
from drops.networks.neuron.neuron_figures import draw_kink, draw_neuron
from drops.networks.neuron.plane_figures import (
    draw_crossings,
    draw_edge,
    draw_line,
    draw_votes,
    draw_xor,
    draw_xor_hidden,
)
from drops.networks.neuron.runs import bend_a_wave, draw_best_fit
from drops.networks.sequences import told as sequences
from drops.networks.training import told as training

FIGURES: dict[str, Draw] = {
    "birds": draw_birds,
    "neuron": draw_neuron,
    "line": draw_line,
    "edge": draw_edge,
    "crossings": draw_crossings,
    "votes": draw_votes,
    "xor": draw_xor,
    "xor-hidden": draw_xor_hidden,
    "kink": draw_kink,
    "best-fit": draw_best_fit,
    "bend-a-wave": bend_a_wave,
    "squash-off": draw_squash_off,
    "reading": draw_reading,
    "conveyor": draw_conveyor,
    "four-tables": draw_four_tables,
    "two-three-one": layout_figure,
    "another-net": draw_another_net,
    "side-table": draw_side_table,
    "three-neurons": draw_three_neurons,
    "net": draw_net,
    "hidden-layer": hidden_figure,
    "last-sum": draw_last_sum,
    "prediction": prediction_figure,
    "last-squash": draw_last_squash,
    "squares": squares_figure,
    "four-rows": draw_four_rows,
    "two-models": draw_two_models,
    "parabola": draw_parabola,
    "nudge": draw_nudge,
    "backward": backward_figure,
    "one-step": step_figure,
    "again": draw_again,
    "gradient-gauge": gradient_gauge,
    "fading": draw_fading,
    "bets": draw_bets,
    "two-tasks": draw_two_tasks,
    "duel": draw_duel,
    "two-budgets": draw_two_budgets,
    "within": draw_within,
    "bump": bump_figure,
    "heights": draw_heights,
    "learned-range": draw_learned_range,
    "beyond": draw_beyond,
    "fit-and-leave": fit_and_leave,
    "kinks": draw_kinks,
    "opinions": draw_opinions,
    "race-widths": race_widths,
    "columns": draw_columns,
    "two-columns": draw_two_columns,
    "pushes": draw_pushes,
    "points": draw_points,
    **given.FIGURES,
    **asked.FIGURES,
    **training.FIGURES,
    **sequences.FIGURES,
}
