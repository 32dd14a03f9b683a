"""What the lessons of this path draw and claim, by the names that they use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drops.exercises.figure import Draw
from drops.networks.sequences import (
    around,
    attention_figures,
    bars,
    by_hand,
    company,
    grammar,
    letters,
    memory,
    picture_figures,
)
from drops.networks.sequences.attention_figures import (
    draw_attend,
    draw_block,
    draw_deep,
    draw_heads,
    draw_mask,
    draw_norm_row,
    draw_scaled,
)
from drops.networks.sequences.bars import draw_detector, draw_detectors, draw_moved
from drops.networks.sequences.company import draw_company, draw_drift, draw_one_row
from drops.networks.sequences.grammar import draw_chances, draw_looked, draw_parts, draw_writer
from drops.networks.sequences.letters import draw_reversal
from drops.networks.sequences.memory import draw_marked, draw_said
from drops.networks.sequences.picture_figures import (
    draw_field,
    draw_map_size,
    draw_one_place,
    draw_pooling,
    draw_shared_price,
    draw_shared_sum,
    draw_window,
)
from drops.networks.sequences.step_figures import (
    draw_clip,
    draw_fade,
    draw_gate_price,
    draw_recurrence,
    draw_recurrent_price,
)
from drops.networks.sequences.word_figures import draw_cosine, draw_look_up, draw_nearest

FIGURES: dict[str, Draw] = {
    "look-up": draw_look_up,
    "cosine": draw_cosine,
    "nearest": draw_nearest,
    "drift": draw_drift,
    "company": draw_company,
    "one-row": draw_one_row,
    "window": draw_window,
    "map-size": draw_map_size,
    "one-place": draw_one_place,
    "shared-price": draw_shared_price,
    "moved": draw_moved,
    "pooling": draw_pooling,
    "field": draw_field,
    "detector": draw_detector,
    "shared-sum": draw_shared_sum,
    "detectors": draw_detectors,
    "recurrence": draw_recurrence,
    "recurrent-price": draw_recurrent_price,
    "fade": draw_fade,
    "clip": draw_clip,
    "gate-price": draw_gate_price,
    "marked": draw_marked,
    "said": draw_said,
    "attend": draw_attend,
    "scaled": draw_scaled,
    "mask": draw_mask,
    "heads": draw_heads,
    "norm-row": draw_norm_row,
    "deep": draw_deep,
    "block": draw_block,
    "reversal": draw_reversal,
    "writer": draw_writer,
    "chances": draw_chances,
    "parts": draw_parts,
    "looked": draw_looked,
}

EXPERIMENTS: dict[str, Callable[..., Mapping[str, float]]] = {
    "lookup_is_product": by_hand.lookup_is_product,
    "hand_sums": by_hand.hand_sums,
    "company": company.company,
    "moved_bars": bars.moved_bars,
    "detector": bars.detector,
    "kernel_film": bars.kernel_film,
    "shift_change": picture_figures.shift_change,
    "influence": memory.influence,
    "say_the_marked": memory.say_the_marked,
    "largest_share": attention_figures.largest_share,
    "reverse": letters.reverse,
    "two_jobs": letters.two_jobs,
    "peek": letters.peek,
    "around": around.around,
    "agreement": grammar.agreement,
}
