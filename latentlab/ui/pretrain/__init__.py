"""The Pretrain page."""

from latentlab.ui.shared.entry import Entry, Scene, Stage

ENTRY = Entry(
    name="pretrain",
    title="Pretrain",
    section="Autoencoders",
    icon=":material/stacks:",
    promise="Layer by layer, or all at once? What pretraining was for, and what is left of it.",
    lead="Layer by layer, or all at once? When is it worth preparing a network without labels?",
    stage=Stage(
        hero=(".st-key-pretrain_results", ".st-key-pretrain_layers", ".st-key-pretrain_bars"),
        verdict=(".st-key-pretrain_answer",),
        control=(".st-key-pretrain_controls",),
    ),
    scenes=(
        Scene("As in 2006, with 100 labels: from nothing it guesses, pretrained it reads digits"),
        Scene(
            "Trained as today, it needs no pretraining, even with 100 labels",
            {"pretrain_era": "today"},
        ),
        Scene(
            "With 1,000 labels, PCA and a support vector machine beat every stack",
            {"pretrain_era": "today", "pretrain_labels": "1000"},
        ),
        Scene(
            "The stack of 2006 stands still: its first layer gets hardly any gradient",
            {
                "pretrain_section": "moments",
                "pretrain_moment": "5",
                "pretrain_alone": "true",
            },
        ),
        Scene(
            "After pretraining, the same stack learns within half an epoch; so does today’s",
            {"pretrain_section": "moments", "pretrain_moment": "5"},
        ),
        Scene(
            "Chosen by the test set, a number looks better than it is",
            {"pretrain_section": "tuned", "pretrain_mend": "true"},
        ),
    ),
)
