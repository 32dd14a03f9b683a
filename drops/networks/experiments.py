"""What lessons claim about networks, measured again by the engine.

An experiment is a function of its parameters that returns named figures. A lesson's
`[[claims]]` names one, and what it expects; `drops check --claims` runs it and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drops.networks import held_out
from drops.networks.clinic import score
from drops.networks.depth import any_function, slow_training, wide_deep, width_and_brake
from drops.networks.design import claims as design_claims
from drops.networks.forward import claims as forward_claims
from drops.networks.neuron import claims as neuron_claims
from drops.networks.sequences import told as sequences
from drops.networks.training import told as training

Figures = Mapping[str, float]


EXPERIMENTS: dict[str, Callable[..., Figures]] = {
    "rounds": score.rounds,
    "bias_moves_the_hinge": neuron_claims.bias_moves_the_hinge,
    "numbers_held": neuron_claims.numbers_held,
    "best_line": neuron_claims.best_line,
    "birds_right": neuron_claims.birds_right,
    "trained_nets": neuron_claims.trained_nets,
    "linear_stack": neuron_claims.linear_stack,
    "bent_fit": neuron_claims.bent_fit,
    "parameters": neuron_claims.parameters,
    "table_on_its_side": forward_claims.table_on_its_side,
    "bends": forward_claims.bends,
    "output_squash": forward_claims.output_squash,
    "losses": forward_claims.losses,
    "best_constant": forward_claims.best_constant,
    "nudges": forward_claims.nudges,
    "one_step": forward_claims.one_step,
    "hand_net": forward_claims.hand_net,
    "one_bird": forward_claims.one_bird,
    "four_birds": forward_claims.four_birds,
    "fixed_share": forward_claims.fixed_share,
    "repairs": slow_training.repairs,
    "descents": slow_training.descents,
    "first_to_last": slow_training.first_to_last,
    "sigmoid_slope": slow_training.sigmoid_slope,
    "wide_deep_match": wide_deep.match,
    "folded": wide_deep.folded,
    "hinges_placed": any_function.placed,
    "wave_fitted": any_function.fitted,
    "jump_fitted": any_function.jump,
    "fast_wave": any_function.fast_wave,
    "xor_corners": any_function.xor_corners,
    "random_labels": any_function.random_labels,
    "width_curve": width_and_brake.width_curve,
    "held_out": held_out.held_out,
    "held_out_pair": held_out.held_out_pair,
    "flipper_bump": any_function.flipper_bump,
    "design_defended": design_claims.defended,
    **training.EXPERIMENTS,
    **sequences.EXPERIMENTS,
}
