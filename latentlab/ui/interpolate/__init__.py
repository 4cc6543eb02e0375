"""The Interpolate page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

DECODERS = Need("images", frozenset({"decodes"}), {"interpolate_model": "{name}"})

ENTRY = Entry(
    name="interpolate",
    title="Interpolate",
    section="Pictures",
    icon=":material/timeline:",
    promise="Walk from one picture to another through the latent space.",
    lead="Walk from one picture to another. Half-way: a picture, or a ghost?",
    stage=Stage(
        hero=("[class*='st-key-walk_']",),  # with the player's controls
        verdict=(".st-key-interpolate_answer", ".st-key-interpolate_few"),
    ),
    needs=(DECODERS,),
    scenes=(
        Scene(
            "On a GAN, either walk through codes beats mixing pixels",
            {"interpolate_model": "gan.mnist_k64"},
        ),
        Scene("On a VAE, the straight walk wins", {"interpolate_model": "vae.mnist_k16"}),
        Scene(
            "1,675 emoji are few: on new ones, the VAE errs more than PCA",
            {"interpolate_model": "vae.emoji_k32"},
        ),
    ),
)
