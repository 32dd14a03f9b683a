"""A reason for every field of the design form, each beside two that sound like one.

A card asks *why*, after the field has said *what*: one right reason, two that diagnose.
"""

from __future__ import annotations

from drops.exercises.blocks import Choice, Option
from drops.exercises.steps import right, wrong


def _card(prompt: str, *options: Option) -> Choice:
    shift = len(prompt) % 3  # the right one does not always stand first
    return Choice(prompt, options[shift:] + options[:shift])


# fmt: off
CARDS: dict[str, Choice] = {
    "scaling": _card(
        "Why are columns scaled by the mean and spread of the training rows only?",
        right(
            "Columns weigh alike, and test rows stay unknown",
            "Scale for the descent, training rows for honesty."),
        wrong(
            "The test rows must not be scaled at all",
            "They are scaled too, with the numbers learned from the training rows.", "test-rows-left-alone"),
        wrong(
            "It is a habit: any rows would do as well",
            "Here it may be small. But the test set then helped to prepare the model.", "scaler-leak"),
    ),
    "target": _card(
        "Why is a numeric target scaled for training?",
        right(
            "Its size sets the size of every step",
            "A target in the hundreds makes losses in the tens of thousands, and steps to match."),
        wrong(
            "Because the output must lie between 0 and 1",
            "A linear output has no such limit. Scaling is for the steps.", "outputs-are-shares"),
        wrong(
            "So that R² comes out higher", "R² does not change with the unit. Training does.",
            "unit-moves-score"),
    ),
    "hidden": _card(
        "What can justify a hidden layer on a table?",
        right(
            "It beats the same net without one on fresh rows",
            "A hidden layer is a claim that the data bend. The baseline tests it."),
        wrong(
            "A net without one is no neural network at all", "It is one, and often as good.",
            "a-layer-is-a-must"),
        wrong(
            "More layers never hurt",
            "They need more rows and are harder to train. Eight layers of 8 lost to none on the energy "
            "bill.", "deeper-is-better"),
    ),
    "squash": _card(
        "Why a squash between hidden layers?",
        right(
            "Without it the layers melt into one straight formula",
            "Two weighted sums in a row are one weighted sum."),
        wrong(
            "It keeps values between 0 and 1", "ReLU has no upper end and works well. The bend is the point.",
            "squash-is-sigmoid"),
        wrong(
            "It makes training faster", "It makes it harder, if anything. It is there for the bend.",
            "squash-for-speed"),
    ),
    "init": _card(
        "Why does the start depend on the squash?",
        right(
            "Each squash lets another share through",
            "ReLU silences half, so He starts larger to make up for it. tanh passes nearly all: Xavier."),
        wrong(
            "Any start is as good, training finds its way", "From all zeros no hidden unit ever moves.",
            "start-is-cosmetic"),
        wrong(
            "Zeros are the fairest start",
            "Equal units get equal gradients and stay equal. Fair, and useless.", "start-is-cosmetic"),
    ),
    "units": _card(
        "How many output units does a target need?",
        right("One, or one for each of several classes", "Each unit is one statement about the row."),
        wrong(
            "Always one: classes can be numbered 0, 1, 2",
            "That says class 1 lies between 0 and 2. Classes have no order.", "output-units"),
        wrong(
            "As many as there are columns in the table",
            "Columns are read, not predicted. Outputs belong to the target.", "output-units"),
    ),
    "output": _card(
        "What decides the output's squash?",
        right(
            "What values the target can take", "The output must be able to say every answer, and no other."),
        wrong(
            "The squash of the hidden layers",
            "They bend space; the output speaks the answer. The two need not match.",
            "hidden-decides-output"),
        wrong(
            "Whichever squash trains fastest", "A ReLU can never say −1, however fast it gets there.",
            "fastest-output"),
    ),
    "loss": _card(
        "Why cross-entropy for classes?",
        right(
            "Its gradient stays large on confident mistakes",
            "−ln p grows without end as p for the true class goes to 0."),
        wrong(
            "Squared error cannot be computed for classes",
            "It can, and costs little here. It just fades where the net is surely wrong.",
            "loss-by-rule-of-thumb"),
        wrong(
            "Because accuracy cannot be negative",
            "Nor can squared error. The reason is how mistakes are priced.", "loss-by-rule-of-thumb"),
    ),
    "brake": _card(
        "What is the brake for?",
        right(
            "It keeps noise from being learned by heart",
            "Early stopping watches validation rows; decay pulls weights towards 0."),
        wrong(
            "It keeps the steps of training stable",
            "That is the learning rate's job. The brake guards rows unseen.", "brake-for-steps"),
        wrong(
            "It is for large tables; small ones need none",
            "They need it most: few rows are easily learned by heart.", "brake-for-large"),
    ),
    "pace": _card(
        "What is a sound first choice of pace?",
        right(
            "Adam at 0.01, then look at the curve",
            "It is forgiving on scaled tables. The curve says what to change."),
        wrong(
            "The largest rate that does not crash",
            "It may not crash and still step over the lowest point each time.",
            "largest-rate"),
        wrong(
            "As small as possible, with patience",
            "Small steps may not arrive at all within the time you give them.",
            "patience-is-enough"),
    ),
}
# fmt: on

# ── before the form, and under it ──────────────────────────────────────────────────────────

AGAINST_NOTHING = Choice(
    "Will a net with no hidden layer beat knowing nothing on this table?",
    (
        right("Clearly", "On each of these tables a weighted sum of the columns already tells a good deal."),
        wrong(
            "Not by more than chance",
            "A weighted sum of the columns already tells a good deal here.",
            "a-layer-is-a-must",
        ),
        wrong("It will be far worse", "With scaled columns it cannot fall far below a constant answer."),
    ),
    confidence=True,
)

SIGNED = (
    Choice(
        "Which sentence would you sign under a design?",
        (
            wrong(
                "“Of twenty designs it scored best on the test rows.”",
                "Then the test rows chose it, and their score is no longer a test.",
                "test-chooses",
            ),
            right(
                "“On five splits it was no worse than no hidden layer.”",
                "It names the baseline and common splits, and the splits could have said no.",
            ),
            wrong(
                "“It has three layers because deep learning works.”",
                "That reason fits every table, so it says nothing about this one.",
                "common-choice",
            ),
        ),
    ),
    Choice(
        "Which sentence would you sign under a brake?",
        (
            right(
                "“Without it validation fell after step 40, with it it did not.”",
                "It names what was measured, and it could have come out otherwise.",
            ),
            wrong(
                "“Brakes are always a good idea.”",
                "Perhaps, and it says nothing of this table.",
                "common-choice",
            ),
            wrong(
                "“With it the test score was the best I saw.”",
                "Then the test rows chose it, and their score is no longer a test.",
                "test-chooses",
            ),
        ),
    ),
)
