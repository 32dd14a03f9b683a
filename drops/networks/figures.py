"""The live figures of the lessons: a ```figure fence's name → blocks that move.

A figure is a function of the fence's parameters. It returns blocks, and the numbers that
the prose beside it uses, so that `drops check` can hold them against the fence's `expect`.
"""

from __future__ import annotations

from drops.exercises.figure import Draw
from drops.networks.late import Late

FIGURES: Late[Draw] = Late(
    "drops.networks",
    {
        "neuron.bird_figures": {"birds": "draw_birds", "squash-off": "draw_squash_off"},
        "neuron.neuron_figures": {"neuron": "draw_neuron", "kink": "draw_kink"},
        "neuron.plane_figures": {
            "line": "draw_line", "edge": "draw_edge", "crossings": "draw_crossings", "votes": "draw_votes",
            "xor": "draw_xor", "xor-hidden": "draw_xor_hidden",
        },
        "neuron.runs": {"best-fit": "draw_best_fit", "bend-a-wave": "bend_a_wave"},
        "neuron.chain_figures": {"reading": "draw_reading", "conveyor": "draw_conveyor"},
        "forward.layout_figures": {
            "four-tables": "draw_four_tables", "another-net": "draw_another_net",
            "side-table": "draw_side_table", "three-neurons": "draw_three_neurons", "net": "draw_net",
        },
        "forward.net231_figures": {
            "two-three-one": "layout_figure", "hidden-layer": "hidden_figure",
            "prediction": "prediction_figure", "backward": "backward_figure", "one-step": "step_figure",
        },
        "forward.output_figures": {"last-sum": "draw_last_sum", "last-squash": "draw_last_squash"},
        "forward.squares": {"squares": "squares_figure", "parabola": "draw_parabola"},
        "forward.loss_figures": {
            "four-rows": "draw_four_rows", "two-models": "draw_two_models", "nudge": "draw_nudge",
            "again": "draw_again",
        },
        "depth.slow_training": {"gradient-gauge": "gradient_gauge"},
        "depth.deep_figures": {
            "fading": "draw_fading", "bets": "draw_bets", "two-budgets": "draw_two_budgets",
        },
        "depth.wide_deep": {"two-tasks": "draw_two_tasks", "duel": "draw_duel"},
        "depth.approximation_figures": {"within": "draw_within", "kinks": "draw_kinks"},
        "depth.any_function": {
            "bump": "bump_figure", "heights": "draw_heights", "learned-range": "draw_learned_range",
            "beyond": "draw_beyond", "fit-and-leave": "fit_and_leave",
        },
        "depth.width_and_brake": {"opinions": "draw_opinions", "race-widths": "race_widths"},
        "design.table_figures": {
            "columns": "draw_columns", "two-columns": "draw_two_columns", "pushes": "draw_pushes",
            "points": "draw_points",
        },
        "given": {
            "wires": "draw_wires", "cells": "draw_cells", "rows": "draw_rows", "tables": "draw_tables",
            "places": "draw_places",
        },
        "asked": {
            "unit": "draw_unit", "nets": "draw_nets", "stacks": "draw_stacks", "straight": "draw_straight",
            "squashed": "draw_squashed", "priced": "draw_priced", "hits": "draw_hits",
            "slope-at": "draw_slope_at", "scores": "draw_scores", "bell": "draw_bell", "patch": "draw_patch",
            "shapes": "draw_shapes",
        },
        "training.first_look": {
            "flat-curves": "draw_flat_curves", "first-loss": "draw_first_loss",
            "step-share": "draw_step_share", "eight-rows": "draw_eight_rows",
            "two-starts": "draw_two_starts", "race-two-starts": "race_two_starts",
        },
        "training.valley": {"one-rate": "draw_valley", "ball": "draw_valley", "race-rules": "race_rules"},
        "training.columns": {"race-columns": "race_columns"},
        "training.arriving": {"arriving": "draw_arriving", "race-starts": "race_starts"},
        "training.cliff": {"race-sweep": "race_sweep"},
        "training.batches": {"batch-arrows": "draw_batch_arrows", "race-batches": "race_batches"},
        "training.adam": {"adam-valley": "draw_adam_valley", "race-wine": "race_wine"},
        "training.batch_norm": {"layer-sizes": "draw_layer_sizes", "race-norm": "race_norm"},
        "training.brakes": {
            "masks": "draw_masks", "race-decays": "race_decays", "race-dropouts": "race_dropouts",
        },
        "training.plans": {"race-plans": "race_plans", "patience": "draw_patience"},
        "sequences.word_figures": {
            "look-up": "draw_look_up", "cosine": "draw_cosine", "nearest": "draw_nearest",
            "arrows": "draw_arrows",
        },
        "sequences.company": {"drift": "draw_drift", "company": "draw_company", "one-row": "draw_one_row"},
        "sequences.picture_figures": {
            "window": "draw_window", "map-size": "draw_map_size", "one-place": "draw_one_place",
            "shared-price": "draw_shared_price", "pooling": "draw_pooling", "field": "draw_field",
            "shared-sum": "draw_shared_sum", "first-place": "draw_first_place", "blames": "draw_blames",
            "windows": "draw_windows",
        },
        "sequences.bars": {
            "moved": "draw_moved", "bar-moved": "draw_bar_moved", "detector": "draw_detector",
            "detectors": "draw_detectors",
        },
        "sequences.step_figures": {
            "recurrence": "draw_recurrence", "recurrent-price": "draw_recurrent_price", "fade": "draw_fade",
            "clip": "draw_clip", "gate-price": "draw_gate_price",
        },
        "sequences.memory": {"marked": "draw_marked", "said": "draw_said", "nudged": "draw_nudged"},
        "sequences.attention_figures": {
            "attend": "draw_attend", "scaled": "draw_scaled", "mask": "draw_mask", "heads": "draw_heads",
            "norm-row": "draw_norm_row", "deep": "draw_deep", "block": "draw_block",
            "who-may-look": "draw_who_may_look",
        },
        "sequences.around": {"handed-on": "draw_handed_on"},
        "sequences.letters": {"reversal": "draw_reversal", "jobs": "draw_jobs"},
        "sequences.grammar": {
            "writer": "draw_writer", "chances": "draw_chances", "parts": "draw_parts",
            "looked": "draw_looked", "reads": "draw_reads",
        },
    },
)
