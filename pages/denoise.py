"""The Denoise page: spoil a picture, restore it with networks and classical filters, compare."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui import cache, figures_denoise, frame, sources, widgets

DEFAULT = "denoising_autoencoder.mnist"
BESIDE = ("denoising_autoencoder", "autoencoder.k32", "vae.k16")
CURVE_POINTS = 8
ORACLE = (
    "The classical methods are set with the clean picture in hand (best parameter, best levels), "
    "so no one could set them better. The networks see the noisy picture alone. PCA is fitted on "
    "{count} of the samples that ship, never on this one."
)
CODE = """
clean = datasets.get("{data}").samples().tensor()[{sample}:{end}]
noisy = noise.make("{noise}", {strength:g})(clean, torch.Generator().manual_seed({seed}))
restored = checkpoints.load("{model}").load_model()(noisy)
floor, parameter = classical.denoise_best("{floor}", noisy, clean)
print(*(metrics.get("psnr")(x, clean) for x in (noisy, restored, floor)))
"""


def choose_networks(main: str, data: str) -> dict[str, tuple]:
    """Draw the choice of networks; return name -> label and network, the main one first.

    The address holds names without their data set, so that a choice outlives a change of data.
    """
    options = {}
    for name in cache.names(data=data, kind="autoencoder"):
        short = name.replace(f".{data}_", ".").removesuffix(f".{data}")
        options[name if short in options else short] = name
    labels = {short: label_of(name) for short, name in options.items()}
    chosen = [main]
    if len(options) > 1:
        shorts = widgets.url_choices(
            "Networks side by side", labels, key="denoise_with", default=BESIDE
        )
        chosen += [options[short] for short in shorts if options[short] != main]
    networks = {}
    for name in chosen:
        try:
            networks[name] = (label_of(name), cache.model(name))
        except LatentLabError as error:  # the others can still be compared
            st.warning(widgets.plain(str(error)), icon=":material/info:")
    return networks


def label_of(name: str) -> str:
    """What a checkpoint is called beside others of its data set: title and size of the code."""
    title = cache.cards()[name].title
    size = name.rpartition("_k")[2]
    return f"{title} k={size}" if size.isdigit() else title


@st.fragment
def bench(main: str) -> None:
    """Draw everything that a control changes, and the controls themselves."""
    from latentlab import images, noise
    from latentlab.tasks import denoise

    data, shape = cache.checkpoint(main).card.data, cache.model(main).image_shape
    controls, stage = st.columns([1, 2], gap="medium")
    with controls:
        picked = sources.pick_image("denoise_pic", data, shape)
        kind = widgets.url_select(
            "Noise",
            {name: noise.corruptions.get(name).label for name in noise.corruptions},
            key="denoise_noise",
        )
        corruption = noise.corruptions.get(kind)
        low, high, default, step = corruption.bounds
        strength = widgets.url_slider(
            corruption.strength_label,
            key=f"denoise_{kind}",
            low=low,
            high=high,
            default=default,
            step=step,
            help=f"{corruption.summary}\n\n${corruption.formula}$",
        )
        seed = widgets.url_seed("New noise", key="denoise_seed")
    verdict, gallery, networks_choice = st.empty(), st.empty(), st.container()
    with networks_choice:
        networks = choose_networks(main, data)

    noisy = denoise.corrupt(picked.image, corruption(strength), seed)
    components = cache.components(data, picked.sample)
    floors = cache.restored_classically(
        picked.identity, kind, strength, seed, picked.image, noisy, components
    )
    denoised = denoise.denoise(picked.image, noisy, networks, floors)

    stage.html(figures_denoise.comparison(denoised, main))
    verdict.html(figures_denoise.verdict(denoised))
    gallery.html(figures_denoise.gallery(denoised))
    widgets.score_table(
        [
            widgets.Measure("PSNR", "dB", higher_is_better=True, digits=1),
            widgets.Measure("SSIM", higher_is_better=True, digits=3),
        ],
        {
            f"{each.label} ({each.setting})" if each.setting else each.label: [each.psnr, each.ssim]
            for each in denoised.restorations
        },
        caption=ORACLE.format(count=len(cache.samples(data)) // 2),
    )
    if widgets.url_toggle("How do they hold up as the noise grows?", key="denoise_curve"):
        strengths = tuple(low + (high - low) * (i + 1) / CURVE_POINTS for i in range(CURVE_POINTS))
        digests = tuple((name, cache.checkpoint(name).digest) for name in networks)
        curves = cache.denoising_curves(
            picked.identity, kind, strengths, seed, digests, picked.image, networks, components
        )
        st.plotly_chart(
            figures_denoise.curve_figure(
                strengths, curves, current=strength, x=corruption.strength_label
            ),
            key="denoise_curves",
        )
    with st.container(horizontal=True):
        widgets.download(
            "Restored picture",
            images.to_png(denoised.by(main).image, scale=8),
            "restored.png",
            "image/png",
        )
        widgets.download(
            "Comparison",
            images.to_png(denoise.strip(denoised, main), scale=8),
            "comparison.png",
            "image/png",
        )
    widgets.show_code(
        CODE.format(
            data=data,
            sample=picked.sample or 0,
            end=(picked.sample or 0) + 1,
            noise=kind,
            strength=strength,
            seed=seed,
            model=main,
            floor=max(floors[1:], key=lambda floor: floor.psnr).name,
        )
    )


with frame.page("Denoise", lead="Spoil a picture with noise. Who saves it?"):
    st.html(frame.ASSETS / "denoise.css")
    name = frame.choose_checkpoint(
        cache.names(kind="autoencoder"), key="denoise_model", default=DEFAULT
    )
    bench(name)
    widgets.explainer(
        "A **denoising autoencoder** is shown a damaged picture and asked for the clean one, "
        "millions of times. What it learns is what such pictures look like: it pulls whatever it "
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
