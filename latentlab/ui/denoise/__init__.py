"""The Denoise page."""

from latentlab.ui.shared.entry import Entry, Need

AUTOENCODERS = Need("images", frozenset({"encodes", "decodes"}), {"denoise_model": "{name}"})
PHOTO_DENOISERS = Need(
    "images",
    frozenset({"denoises"}),
    {"denoise_of": "photographs", "denoise_photo_model": "{name}"},
)

ENTRY = Entry(
    name="denoise",
    title="Denoise",
    section="Pictures",
    icon=":material/blur_on:",
    promise="Corrupt a picture, or bring a grainy photograph. "
    "Who restores it best: a network, or a filter?",
    lead="Corrupt a picture with noise. Who restores it best?",
    needs=(AUTOENCODERS, PHOTO_DENOISERS),
)
