"""The Explore page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

DECODERS = Need("images", frozenset({"decodes"}), {"explore_model": "{name}"})

ENTRY = Entry(
    name="explore",
    title="Explore",
    section="Pictures",
    icon=":material/tune:",
    promise="Turn the numbers a model draws from, and watch the picture follow.",
    lead="Turn the numbers a model draws from, and watch the picture follow.",
    stage=Stage(hero=(".st-key-live",)),  # its sliders stand beside its picture
    needs=(DECODERS,),
    scenes=(
        Scene(
            "From N(0, I), a VAE draws digits; an autoencoder scribbles",
            {"explore_model": "vae.mnist_k16", "z_view": "draws"},
            stage=Stage(hero=(".st-key-explore_draws",)),
        ),
        Scene(
            "A slider bears a name only where nothing else that is drawn moves with it",
            {"explore_model": "vae.toon_faces_k32", "z_axes": "attributes"},
        ),
        Scene(
            "Told the factors, a VAE earns nine names instead of seven, at three times the error",
            {"explore_model": "vae.toon_faces_k32_labels", "z_axes": "attributes"},
        ),
        Scene(
            "A critic asks for edges: a GAN’s faces have as many as real ones, a VAE’s far fewer",
            {"explore_model": "gan.toon_faces_k64", "z_view": "draws"},
            stage=Stage(hero=(".st-key-explore_draws",)),
        ),
    ),
    also_owns=("z", "z_"),  # what links have always called the code and its sliders
)
