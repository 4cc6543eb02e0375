"""The small pictures of the Denoise page: every autoencoder against every classical filter."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.denoise import AUTOENCODERS, figures, results
from latentlab.ui.shared import (
    browser_models,
    cache,
    draw_pad,
    fields,
    guard,
    model_choice,
    picture_code,
    picture_source,
    widgets,
)

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.models import Autoencoder
    from latentlab.noise.corruptions import Corruption
    from latentlab.tasks.denoise import Denoised
    from latentlab.ui.shared.picture_source import Picked

DEFAULT = "denoising_autoencoder.mnist"
BESIDE = ("denoising_autoencoder", "conv_autoencoder.k32", "vae.k16")
CURVE_POINTS = 8
ORACLE = (
    "The classical methods are set with the clean picture in hand: best parameter of a grid, best "
    "brightness and contrast. That favours them; the networks see the noisy picture alone. PCA is "
    "fitted on {count} of the samples that ship, never on this one."
)
CODE = """
import torch
from latentlab import checkpoints
from latentlab.metrics import metrics
from latentlab.noise import corruptions

noise = corruptions.make("{noise}", {strength:g})
noisy = noise(clean, torch.Generator().manual_seed({seed}))
restored = checkpoints.load("{model}").load_model()(noisy)
print(metrics.get("psnr")(noisy, clean), metrics.get("psnr")(restored, clean))
"""


def draw(row: "DeltaGenerator") -> None:
    """Draw the bench: a picture of a data set, corrupted, and what every method makes of it.

    ``row`` is what stands at the top of the page; data set and model are chosen there.
    """
    with row:
        names = model_choice.data_set_buttons(
            cache.names_for(AUTOENCODERS), key="denoise_model", default=DEFAULT
        )
        name = model_choice.choose_checkpoint(names, key="denoise_model", default=DEFAULT)
    # Published here: what a fragment publishes is forgotten.
    _bench(name, browser_models.publish_follower(name))


def _explain() -> None:
    widgets.explainer(
        "A **denoising autoencoder** is shown a damaged picture and asked for the clean one, "
        "again and again. What it learns is what such pictures look like: it pulls whatever it "
        "is given back to them, and it will turn noise into a plausible digit that was never "
        "there. A **plain autoencoder** or **VAE** never saw noise; it removes only what does "
        "not fit through its code, and so does PCA, its linear cousin. **Classical filters** know "
        "nothing about digits, only that neighbouring pixels belong together.\n\n"
        "The error map is white where a method is right. PSNR counts squared errors of pixels; "
        "SSIM compares local patterns. A high score says close to the clean picture, not "
        "trustworthy.",
        formula=(
            r"\tilde x \sim q(\tilde x \mid x), \qquad \hat x = g_{\theta'}\big(f_\theta(\tilde x)"
            r"\big), \qquad \min_{\theta,\theta'} \; \mathbb{E}\, L\big(x, \hat x\big)",
            r"\mathrm{PSNR} = 10 \log_{10} \frac{1}{\mathrm{MSE}(x, \hat x)}\ \text{dB}",
        ),
        paper=(
            "[Vincent, Larochelle, Bengio & Manzagol (2008), Extracting and Composing Robust "
            "Features with Denoising Autoencoders](https://doi.org/10.1145/1390156.1390294)",
            "[Wang, Bovik, Sheikh & Simoncelli (2004), Image Quality Assessment: From Error "
            "Visibility to Structural Similarity](https://doi.org/10.1109/TIP.2003.819861)",
        ),
    )


@st.fragment
def _bench(main: str, follower: draw_pad.Follower | None) -> None:
    """Draw everything that a control changes; a change reruns this alone."""
    with guard.errors():
        _compare(main, follower)


@dataclass(frozen=True)
class _Noise:
    """What is done to the picture."""

    name: str  # registered
    strength: float
    seed: int

    @property
    def kind(self) -> "type[Corruption]":
        """The corruption of that name."""
        from latentlab.noise import corruptions

        return corruptions.corruptions.get(self.name)


def _compare(main: str, follower: draw_pad.Follower | None) -> None:
    """Draw the controls, the pictures and the scores."""
    from latentlab.models import ImageNetwork
    from latentlab.tasks import denoise

    data, network = cache.checkpoint(main).card.data, cache.model(main)
    assert isinstance(network, ImageNetwork)  # the page offers no others
    shape = network.image_shape
    verdict = st.empty()
    controls, stage = st.columns([1, 2.1], gap="medium")
    steps, gallery = st.container(), st.empty()
    with controls:
        noise = _choose_noise()  # first, as the pad below it takes as much room as there is
        picked = picture_source.pick_image(
            "denoise_pic", data, shape, steps_in=steps, follower=lambda: follower
        )
    models = model_choice.choose_autoencoders(
        main, data, AUTOENCODERS, key="denoise_with", default=BESIDE
    )

    noisy = denoise.corrupt(picked.image, noise.kind(noise.strength), noise.seed)
    components = results.components(data, picked.sample)
    baselines = results.restored_classically(
        picked.identity,
        noise.name,
        noise.strength,
        noise.seed,
        picked.image,
        noisy,
        components,
    )
    denoised = denoise.denoise(picked.image, noisy, models, baselines)

    verdict.html(figures.verdict(denoised.restorations))
    stage.html(figures.stage(denoised, main))
    gallery.html(figures.gallery(denoised))
    _draw_scores(denoised, len(cache.samples(data)) // 2)
    if fields.url_toggle("How do they hold up as the noise grows?", key="denoise_curve"):
        _draw_curves(picked, noise, models, components)
    _draw_downloads(denoised, main)
    _explain()
    _show_code(main, data, shape, picked, noise)


def _choose_noise() -> _Noise:
    """Draw the choice of what is done to the picture, and return it."""
    from latentlab.noise import corruptions

    with st.container(horizontal=True, vertical_alignment="center", key="denoise_kind"):
        name = fields.url_select(
            "Noise",
            {name: corruptions.corruptions.get(name).label for name in corruptions.corruptions},
            key="denoise_noise",
            label_visibility="collapsed",
        )
        seed = fields.url_seed("New noise", key="denoise_seed", help="New noise")
    kind = corruptions.corruptions.get(name)
    low, high, default, step = kind.bounds
    strength = fields.url_slider(
        kind.strength_label,
        key=f"denoise_{name}",
        low=low,
        high=high,
        default=default,
        step=step,
        help=f"{kind.summary}\n\n${kind.formula}$",
    )
    return _Noise(name, strength, seed)


def _draw_scores(denoised: "Denoised", count: int) -> None:
    """The table of scores; PCA was fitted to ``count`` samples."""
    widgets.score_table(
        [
            widgets.Measure("PSNR", "dB", higher_is_better=True, digits=1),
            widgets.Measure("SSIM", higher_is_better=True, digits=3),
        ],
        {
            f"{each.label}, {each.setting}" if each.setting else each.label: [each.psnr, each.ssim]
            for each in denoised.restorations
        },
        caption=ORACLE.format(count=count),
    )


def _draw_curves(
    picked: "Picked",
    noise: _Noise,
    models: "dict[str, tuple[str, Autoencoder]]",
    components: "PrincipalComponents",
) -> None:
    """PSNR of every method over the strength of the noise."""
    low, high, *_ = noise.kind.bounds
    strengths = tuple(low + (high - low) * (i + 1) / CURVE_POINTS for i in range(CURVE_POINTS))
    digests = tuple((name, cache.checkpoint(name).digest) for name in models)
    curves = results.denoising_curves(
        picked.identity,
        noise.name,
        strengths,
        noise.seed,
        digests,
        picked.image,
        models,
        components,
    )
    st.plotly_chart(
        figures.curve_figure(
            strengths, curves, current=noise.strength, x=noise.kind.strength_label
        ),
        key="denoise_curves",
    )


def _draw_downloads(denoised: "Denoised", main: str) -> None:
    """Offer the restored picture, and all of them in a row."""
    from latentlab.pictures import images
    from latentlab.tasks import denoise

    def comparison() -> bytes:
        file = io.BytesIO()
        row = denoise.comparison(denoised, main)
        images.captioned(row, scale=256 // denoised.clean.shape[2]).save(file, "PNG")
        return file.getvalue()

    with st.container(horizontal=True):
        widgets.download(
            "Restored picture",
            lambda: images.to_png(denoised.by(main).image, scale=8),
            "restored.png",
            "image/png",
        )
        widgets.download("Comparison", comparison, "comparison.png", "image/png")


def _show_code(
    main: str, data: str, shape: tuple[int, int, int], picked: "Picked", noise: _Noise
) -> None:
    """Show the lines that restore this picture without the app."""
    restore = CODE.format(noise=noise.name, strength=noise.strength, seed=noise.seed, model=main)
    clean = picture_code.lines(picked, data, shape, to="clean")
    widgets.show_code(picture_code.together(clean, restore))
