"""The Denoise page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

AUTOENCODERS = Need("images", frozenset({"encodes", "decodes"}), {"denoise_model": "{name}"})
PHOTO_DENOISERS = Need(
    "images",
    frozenset({"denoises"}),
    {"denoise_of": "photographs", "denoise_photo_model": "{name}"},
)

# One part of a photograph, by every method; and how many are done until all are.
WINDOWS = Stage(hero=(".tiles.windows", "[data-testid='stProgress']"))

ENTRY = Entry(
    name="denoise",
    title="Denoise",
    section="Pictures",
    icon=":material/blur_on:",
    promise="Corrupt a picture, or bring a grainy photograph. "
    "Who restores it best: a network, or a filter?",
    lead="Corrupt a picture with noise. Who restores it best?",
    stage=Stage(
        hero=(".tiles.large", ".st-key-denoise_photo-viewer"),
        verdict=(".verdict:not(.st-key-denoise_photo_windows *)",),
        control=("[data-testid='stSlider']",),
    ),
    needs=(AUTOENCODERS, PHOTO_DENOISERS),
    scenes=(
        Scene("A network that has seen noise beats every filter", {"denoise_gaussian": "0.5"}),
        Scene(
            "Too much noise: a 7 at σ 1.0 becomes a 9",
            {"denoise_pic": "80", "denoise_gaussian": "1", "denoise_seed": "2"},
        ),
        Scene(
            "Trained on digits, a network ruins a photograph",
            {"denoise_of": "photographs"},
            stage=WINDOWS,
        ),
        Scene(
            "White noise in, structure out: the digit network takes the picture away",
            {"denoise_of": "photographs", "denoise_photo_show": "removed"},
            stage=WINDOWS,
        ),
    ),
    renamed={
        "photo": "denoise_photo",
        "photo_bm3d": "denoise_photo_bm3d",
        "photo_from": "denoise_photo_from",
        "photo_model": "denoise_photo_model",
        "photo_model_own": "denoise_photo_model_own",
        "photo_noise": "denoise_photo_noise",
        "photo_noise_own": "denoise_photo_noise_own",
        "photo_seed": "denoise_photo_seed",
        "photo_show": "denoise_photo_show",
        "photo_sigma": "denoise_photo_sigma",
        "photo_tell": "denoise_photo_override",
        "photo_told": "denoise_photo_level",
    },
)
