"""What lessons claim about networks, measured again by the engine.

An experiment is a function of its parameters that returns named figures. A lesson's
`[[claims]]` names one, and what it expects; `drops check --claims` runs it and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drops.networks.late import Late

EXPERIMENTS: Late[Callable[..., Mapping[str, float]]] = Late(
    "drops.networks",
    {
        "clinic.score": {"rounds": "rounds"},
        "neuron.claims": {
            "bias_moves_the_hinge": "bias_moves_the_hinge", "numbers_held": "numbers_held",
            "best_line": "best_line", "birds_right": "birds_right", "trained_nets": "trained_nets",
            "linear_stack": "linear_stack", "bent_fit": "bent_fit", "parameters": "parameters",
        },
        "forward.claims": {
            "table_on_its_side": "table_on_its_side", "bends": "bends", "output_squash": "output_squash",
            "losses": "losses", "best_constant": "best_constant", "nudges": "nudges", "one_step": "one_step",
            "hand_net": "hand_net", "one_bird": "one_bird", "four_birds": "four_birds",
            "fixed_share": "fixed_share",
        },
        "depth.slow_training": {
            "repairs": "repairs", "descents": "descents", "first_to_last": "first_to_last",
            "sigmoid_slope": "sigmoid_slope",
        },
        "depth.wide_deep": {"wide_deep_match": "match", "folded": "folded"},
        "depth.any_function": {
            "hinges_placed": "placed", "wave_fitted": "fitted", "jump_fitted": "jump",
            "fast_wave": "fast_wave", "xor_corners": "xor_corners", "random_labels": "random_labels",
            "flipper_bump": "flipper_bump",
        },
        "depth.width_and_brake": {"width_curve": "width_curve"},
        "held_out": {"held_out": "held_out", "held_out_pair": "held_out_pair"},
        "design.claims": {"design_defended": "defended"},
        "training.first_look": {"wine_starts": "wine_starts"},
        "training.valley": {"valley_steps": "valley_steps", "steps_on_moons": "steps_on_moons"},
        "training.columns": {"wine_rates": "wine_rates"},
        "training.arriving": {"signal_size": "signal_size", "start_learns": "start_learns"},
        "training.cliff": {"sweep": "sweep"},
        "training.batches": {"batch_noise": "batch_noise", "batch_runs": "batch_runs"},
        "training.adam": {"adam_first": "adam_first", "adam_hot": "adam_hot"},
        "training.batch_norm": {"norm_learns": "norm_learns", "norm_batch": "norm_batch"},
        "training.brakes": {"brake_scores": "brake_scores"},
        "training.plans": {"plan_ends": "plan_ends", "patience": "patience"},
        "training.rare": {"rare": "rare"},
        "sequences.by_hand": {"lookup_is_product": "lookup_is_product", "hand_sums": "hand_sums"},
        "sequences.company": {"company": "company"},
        "sequences.bars": {"moved_bars": "moved_bars", "detector": "detector", "kernel_film": "kernel_film"},
        "sequences.picture_figures": {"shift_change": "shift_change"},
        "sequences.memory": {"influence": "influence", "say_the_marked": "say_the_marked"},
        "sequences.attention_figures": {"largest_share": "largest_share"},
        "sequences.letters": {"reverse": "reverse", "two_jobs": "two_jobs", "peek": "peek"},
        "sequences.around": {"around": "around", "let_through": "let_through"},
        "sequences.grammar": {"agreement": "agreement"},
    },
)
