"""The small pictures of the Denoise page: every autoencoder against every classical filter."""

import streamlit as st

from latentlab.ui.denoise import AUTOENCODERS, figures, results
from latentlab.ui.shared import (
    browser_models,
    cache,
    draw_pad,
    fields,
    guard,
    model_choice,
    picture_source,
    widgets,
)

DEFAULT = "denoising_autoencoder.mnist"
BESIDE = ("denoising_autoencoder", "autoencoder.k32", "vae.k16")
CURVE_POINTS = 8
ORACLE = (
    "The classical methods are set with the clean picture in hand: best parameter of a grid, best "
    "brightness and contrast. That favours them; the networks see the noisy picture alone. PCA is "
    "fitted on {count} of the samples that ship, never on this one."
)
CODE = """
import torch
from latentlab import checkpoints, noise
from latentlab.data import datasets
from latentlab.metrics import metrics

{source}
noisy = noise.make("{noise}", {strength:g})(clean, torch.Generator().manual_seed({seed}))
restored = checkpoints.load("{model}").load_model()(noisy)
print(metrics.get("psnr")(noisy, clean), metrics.get("psnr")(restored, clean))
"""
SAMPLE = """clean = datasets.get("{data}").samples().tensor()[{place}:{end}]"""
UPLOAD = """
from pathlib import Path
from latentlab import preparation, uploads

picture = uploads.read_picture(Path("photo.jpg").read_bytes())
clean = preparation.prepare(picture, {shape}, datasets.get("{data}").convention).image[None]
"""


def draw() -> None:
    """Draw the bench: a picture of a data set, spoilt, and what every method makes of it."""
    name = model_choice.choose_checkpoint(
        cache.names_for(AUTOENCODERS), key="denoise_model", default=DEFAULT
    )
    _bench(name, browser_models.publish_follower(name))
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


def _compare(main: str, follower: draw_pad.Follower | None) -> None:
    """Draw the controls, the pictures and the scores."""
    from latentlab.models import ImageNetwork
    from latentlab.noise import corruptions
    from latentlab.pictures import images
    from latentlab.tasks import denoise

    data, network = cache.checkpoint(main).card.data, cache.model(main)
    assert isinstance(network, ImageNetwork)  # the page offers no others
    shape = network.image_shape
    controls, stage = st.columns([1, 2], gap="medium")
    steps = st.container()
    with controls:
        picked = picture_source.pick_image(
            "denoise_pic", data, shape, steps_in=steps, follower=follower
        )
        kind = fields.url_select(
            "Noise",
            {name: corruptions.corruptions.get(name).label for name in corruptions.corruptions},
            key="denoise_noise",
        )
        corruption = corruptions.corruptions.get(kind)
        low, high, default, step = corruption.bounds
        strength = fields.url_slider(
            corruption.strength_label,
            key=f"denoise_{kind}",
            low=low,
            high=high,
            default=default,
            step=step,
            help=f"{corruption.summary}\n\n${corruption.formula}$",
        )
        seed = fields.url_seed("New noise", key="denoise_seed")
    verdict, gallery = st.empty(), st.empty()
    models = model_choice.choose_autoencoders(
        main, data, AUTOENCODERS, key="denoise_with", default=BESIDE
    )

    noisy = denoise.corrupt(picked.image, corruption(strength), seed)
    components = results.components(data, picked.sample)
    floors = results.restored_classically(
        picked.identity, kind, strength, seed, picked.image, noisy, components
    )
    denoised = denoise.denoise(picked.image, noisy, models, floors)

    stage.html(figures.comparison(denoised, main))
    verdict.html(figures.verdict(denoised.restorations))
    gallery.html(figures.gallery(denoised))
    widgets.score_table(
        [
            widgets.Measure("PSNR", "dB", higher_is_better=True, digits=1),
            widgets.Measure("SSIM", higher_is_better=True, digits=3),
        ],
        {
            f"{each.label}, {each.setting}" if each.setting else each.label: [each.psnr, each.ssim]
            for each in denoised.restorations
        },
        caption=ORACLE.format(count=len(cache.samples(data)) // 2),
    )
    if fields.url_toggle("How do they hold up as the noise grows?", key="denoise_curve"):
        strengths = tuple(low + (high - low) * (i + 1) / CURVE_POINTS for i in range(CURVE_POINTS))
        digests = tuple((name, cache.checkpoint(name).digest) for name in models)
        curves = results.denoising_curves(
            picked.identity, kind, strengths, seed, digests, picked.image, models, components
        )
        st.plotly_chart(
            figures.curve_figure(strengths, curves, current=strength, x=corruption.strength_label),
            key="denoise_curves",
        )
    with st.container(horizontal=True):
        widgets.download(
            "Restored picture",
            lambda: images.to_png(denoised.by(main).image, scale=8),
            "restored.png",
            "image/png",
        )
        widgets.download(
            "Comparison",
            lambda: images.to_png(denoise.strip(denoised, main), scale=8),
            "comparison.png",
            "image/png",
        )
    if picked.sample is None:
        source = UPLOAD.strip().format(shape=shape, data=data)
    else:
        source = SAMPLE.format(data=data, place=picked.sample, end=picked.sample + 1)
    widgets.show_code(
        CODE.format(source=source, noise=kind, strength=strength, seed=seed, model=main)
    )
