"""The scores on a model card, measured on the whole official test split.

Each family has one function that measures it and the classical method that it has to beat. All
randomness is fixed: the same weights give the same scores.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab import metrics
from latentlab.baselines import filters, photo_filters
from latentlab.baselines import pca as pca_
from latentlab.checkpoints import Checkpoint, Score, load, names
from latentlab.data import Images, datasets, photo_datasets
from latentlab.errors import UnsupportedError
from latentlab.models import GAN, VAE, Autoencoder, DenoisingAutoencoder, Judge, Network, Restorer
from latentlab.noise import camera
from latentlab.noise.corruptions import make
from latentlab.noise.level import estimate_level
from latentlab.pictures import tiling

BATCH = 500
NEIGHBOURS = 10
NLL_IMAGES, NLL_SAMPLES = 1000, 500
GAN_SAMPLES = 10_000
CAMERA_SIDE = 192  # pixels: non-local means takes seconds for more
TOLERANCE = 0.005  # relative; other processors round differently
# Mean PSNR over BSD68, in colour as Zhang et al. 2018 (FFDNet) state it, grey as Zhang et al. 2017
# (DnCNN) do.
PUBLISHED_BM3D = {
    "colour": {15: 33.52, 25: 30.71, 50: 27.38},
    "grey": {15: 31.07, 25: 28.57, 50: 25.62},
}
PUBLISHED_VAE_NLL = 86.76  # Burda et al. 2016, table 1: one layer, VAE, k = 1, dynamic MNIST


def scores(network: Network, data: str) -> tuple[Score, ...]:
    """Return the scores of a network on a data set's test split.

    Raises:
        DataError: the full data set is not on this machine.
        UnsupportedError: no judge for this data set to score a generator with.
    """
    with torch.inference_mode():
        for kind, measure in _MEASURES.items():
            if isinstance(network, kind):
                return tuple(measure(network, data))
    raise UnsupportedError(f"There are no scores for a {type(network).__name__}.")


def disagreements(measured: tuple[Score, ...], stated: tuple[Score, ...]) -> list[str]:
    """Return one sentence for every stated number, floors too, that is contradicted."""
    found = {score.name: score for score in measured}
    sentences = []
    for score in stated:
        if score.name not in found:
            continue
        now = found[score.name]
        if not _close(now.value, score.value):
            sentences.append(
                f"the card states {score.name} = {score.value:.5g}, measured {now.value:.5g}"
            )
        if score.floor_name != now.floor_name or not _close(now.floor, score.floor):
            sentences.append(
                f"the card states {score.name} = {_floor(score)}, measured {_floor(now)}"
            )
        if score.higher_is_better != now.higher_is_better:
            sentences.append(f"the card mistakes which way {score.name} is better")
    for name in sorted({score.name for score in stated} ^ set(found)):
        sentences.append(
            f"{name} is {'not on the card' if name in found else 'no longer measured'}"
        )
    return sentences


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return bool(np.isclose(a, b, rtol=TOLERANCE, atol=1e-6))


def _floor(score: Score) -> str:
    return "nothing to beat" if score.floor is None else f"{score.floor:.5g} for {score.floor_name}"


def reconstruction_scores(network: Network, data: str) -> Iterator[Score]:
    """Yield mse and neighbour accuracy of an autoencoder, PCA of the same size as the floor."""
    assert isinstance(network, Autoencoder)
    train, test = _splits(data)
    size = network.latent_size
    pca = _principal_components(data, size)
    codes, errors = _encode(network, test)
    floor_codes, floor_errors = [], []
    for x in test.batches(BATCH):
        floor_codes.append(pca.encode(x))
        floor_errors.append(metrics.metrics.get("mse")(pca.decode(floor_codes[-1]).clamp(0, 1), x))
    floor_name = f"PCA, {size} components"
    floor = torch.cat(floor_errors).mean().item()
    yield Score("mse", errors.mean().item(), "", False, floor, floor_name)
    train_codes, _ = _encode(network, train)
    pca_train = torch.cat([pca.encode(x) for x in train.batches(BATCH)])
    yield Score(
        f"{NEIGHBOURS}-NN accuracy",
        _neighbours(train_codes, train, codes, test),
        "",
        True,
        _neighbours(pca_train, train, torch.cat(floor_codes), test),
        floor_name,
    )


def denoising_scores(network: Network, data: str) -> Iterator[Score]:
    """Yield the PSNR of restored pictures, the best classical denoiser as the floor.

    Every classical method is tuned with the first 500 clean pictures in hand, and the best of them
    runs on the whole split, its levels matched to the clean pictures of every batch. The network
    sees none of that.
    """
    assert isinstance(network, Autoencoder)
    _, test = _splits(data)
    psnr = metrics.metrics.get("psnr")
    for kind, strength, text in _DAMAGE:
        corruption = make(kind, strength)
        first = test.tensor(slice(0, BATCH))
        noisy = corruption(first, _rng())
        best_name, best_parameter, best_score = "", 0.0, float("-inf")
        for name in filters.denoisers:
            tuned = filters.denoise_best(name, noisy, first)
            score = psnr(tuned.restored, first).mean().item()
            if score > best_score:
                best_name, best_parameter, best_score = name, tuned.parameter, score
        restored, floor = [], []
        rng = _rng()
        for x in test.batches(BATCH):
            noisy = corruption(x, rng)
            restored.append(psnr(network(noisy), x))
            tuned = filters.denoise_best(best_name, noisy, x, grid=[best_parameter])
            floor.append(psnr(tuned.restored, x))
        yield Score(
            f"PSNR, {text}",
            torch.cat(restored).mean().item(),
            "dB",
            True,
            torch.cat(floor).mean().item(),
            f"{filters.denoisers.get(best_name).label}, tuned on the clean pictures",
        )


_DAMAGE = (
    ("gaussian", 0.5, "Gaussian σ 0.5"),
    ("salt_and_pepper", 0.3, "salt and pepper 30 %"),
)


def vae_scores(network: Network, data: str) -> Iterator[Score]:
    """Yield an autoencoder's scores, the rate, and the likelihood where it is one."""
    assert isinstance(network, VAE)
    yield from reconstruction_scores(network, data)
    _, test = _splits(data)
    rates = torch.cat([network.encode(x).kl().sum(1) for x in test.batches(BATCH)])
    yield Score("rate (KL)", rates.mean().item(), "nats", False)
    if network.settings.likelihood == "bernoulli":
        rng = _rng()
        x = torch.bernoulli(test.tensor(slice(0, NLL_IMAGES)), generator=rng)
        bounds = [network.log_marginal(part, NLL_SAMPLES, rng) for part in x.split(BATCH)]
        published = (PUBLISHED_VAE_NLL, "published dense VAE, 50 dimensions")
        floor, floor_name = published if data == "mnist" else (None, None)
        nll = -torch.cat(bounds).mean().item()
        yield Score("NLL", nll, "nats", False, floor, floor_name)


def generator_scores(network: Network, data: str) -> Iterator[Score]:
    """Yield class shares, coverage, density and Fréchet distance of 10,000 samples.

    The floor draws from a Gaussian fitted to as many principal components; the reference is what
    as many training pictures get.
    """
    assert isinstance(network, GAN)
    train, test = _splits(data)
    judge = _judge(data)
    rng = _rng()
    draws = network.sample_prior(GAN_SAMPLES, rng)
    samples = torch.cat([network.decode(z) for z in draws.split(BATCH)])
    shares = torch.cat([judge.logits(x).argmax(1) for x in samples.split(BATCH)])
    counts = torch.bincount(shares, minlength=len(datasets.get(data).class_names)) / GAN_SAMPLES
    pca = _principal_components(data, network.latent_size)
    codes = torch.cat([pca.encode(x) for x in train.batches(BATCH)])
    gaussian = pca.decode(torch.randn(GAN_SAMPLES, codes.shape[1], generator=rng) * codes.std(0))
    chosen = torch.randperm(len(train), generator=rng)[:GAN_SAMPLES].numpy()
    floor_name = f"Gaussian on {network.latent_size} PCA components"

    real = _features(judge, test.tensor())
    ours, floor, ideal = (
        _quality(real, _features(judge, x))
        for x in (samples, gaussian.clamp(0, 1), train.tensor(chosen))
    )
    yield Score("rarest class", counts.min().item(), "share", True)
    yield Score("commonest class", counts.max().item(), "share", False)
    for key, unit, up in (("coverage", "", True), ("density", "", True), ("FID", "", False)):
        yield Score(f"{key}", ours[key], unit, up, floor[key], floor_name)
        yield Score(f"{key} of training pictures", ideal[key], unit, up)


def judge_scores(network: Network, data: str) -> Iterator[Score]:
    """Yield the judge's accuracy, nearest neighbours on 64 principal components as the floor."""
    assert isinstance(network, Judge)
    train, test = _splits(data)
    guesses = torch.cat([network.logits(x).argmax(1) for x in test.batches(BATCH)]).numpy()
    pca = _principal_components(data, 64)
    codes = [torch.cat([pca.encode(x) for x in split.batches(BATCH)]) for split in (train, test)]
    floor = _neighbours(codes[0], train, codes[1], test)
    accuracy = float((guesses == test.labels).mean())
    yield Score("accuracy", accuracy, "", True, floor, f"{NEIGHBOURS}-NN on 64 PCA components")


def restorer_scores(network: Network, data: str) -> Iterator[Score]:
    """Yield the mean PSNR of photographs freed from Gaussian noise; published BM3D is the floor.

    The noise is not clipped, the restored picture is, and the network knows σ: as in the papers.
    Grey pictures are made by BT.601, rounded.
    """
    assert isinstance(network, Restorer)
    if network.rough:
        yield from camera_scores(network, data)
    photographs = photo_datasets.get(data).load("test")
    for tone, floors in PUBLISHED_BM3D.items():
        for level, floor in floors.items():
            psnr = []
            rng = _rng()
            for index in range(len(photographs)):
                x = photographs.tensor(index, grey=tone == "grey")
                noisy = x + level / 255 * torch.randn(x.shape, generator=rng)
                restored = tiling.restore(network, noisy[0], level / 255)
                psnr.append(metrics.metrics.get("psnr")(restored[None], x))
            name = "CBM3D" if tone == "colour" else "BM3D"
            yield Score(
                f"PSNR, {tone}, σ {level}",
                torch.cat(psnr).mean().item(),
                "dB",
                True,
                floor,
                f"{name}, published",
            )


def camera_scores(network: Restorer, data: str) -> tuple[Score, Score]:
    """Return the mean PSNR on validation photographs as a camera might have stored them.

    Beside the best of the classical filters twice: each tuned for every picture by itself with the
    clean one in hand, and each told what the network is told, the level that is found in the noisy
    one. All see the middle of each picture.
    """
    photographs = photo_datasets.get(data).load("validation")
    psnr = metrics.metrics.get("psnr")
    rng = _rng()
    ours: list[float] = []
    tuned: dict[str, list[float]] = {name: [] for name in photo_filters.photo_denoisers}
    told: dict[str, list[float]] = {name: [] for name in photo_filters.photo_denoisers}
    for index in range(len(photographs)):
        x = photographs.tensor(index)
        top, left = ((side - CAMERA_SIDE) // 2 for side in x.shape[2:])
        x = x[:, :, top : top + CAMERA_SIDE, left : left + CAMERA_SIDE]
        noisy, clean = camera.take(x, rng)
        level = estimate_level(noisy[0])
        restored = tiling.restore(network, noisy[0], level)[None]
        ours.append(psnr(restored, clean).item())
        for name in photo_filters.photo_denoisers:
            best = filters.denoise_best(name, noisy, clean, among=photo_filters.photo_denoisers)
            tuned[name].append(psnr(best.restored, clean).item())
            alone = photo_filters.photo_denoisers.get(name)(noisy, level)
            told[name].append(psnr(alone, clean).item())

    def score(name: str, floors: dict[str, list[float]], how: str) -> Score:
        best = max(floors, key=lambda name: float(np.mean(floors[name])))
        label = photo_filters.photo_denoisers.get(best).label
        return Score(
            name, float(np.mean(ours)), "dB", True, float(np.mean(floors[best])), f"{label}, {how}"
        )

    return (
        score("PSNR, camera noise", tuned, "tuned on the clean pictures"),
        score("PSNR, camera noise, level found", told, "told the same level"),
    )


_MEASURES: dict[type[Network], Callable[[Network, str], Iterator[Score]]] = {
    VAE: vae_scores,
    DenoisingAutoencoder: denoising_scores,
    Autoencoder: reconstruction_scores,
    GAN: generator_scores,
    Judge: judge_scores,
    Restorer: restorer_scores,
}


def evaluate(checkpoint: Checkpoint) -> tuple[Score, ...]:
    """Return the scores of a stored checkpoint, measured now."""
    return scores(checkpoint.load_model(), checkpoint.card.data)


@lru_cache(maxsize=2)
def _splits(data: str) -> tuple[Images, Images]:
    dataset = datasets.get(data)
    return dataset.load("train"), dataset.load("test")


@lru_cache(maxsize=2)
def _all_components(data: str) -> pca_.PrincipalComponents:
    return pca_.PrincipalComponents.fit(_splits(data)[0].tensor(), 64)


def _principal_components(data: str, size: int) -> pca_.PrincipalComponents:
    return _all_components(data).truncate(size)


def _judge(data: str) -> Judge:
    for name in names(data=data, kind="classifier"):
        judge = load(name).load_model()
        assert isinstance(judge, Judge)
        return judge
    raise UnsupportedError(f"There is no judge for {data}.", "Train its classifier first.")


def _encode(network: Autoencoder, images: Images) -> tuple[Tensor, Tensor]:
    """Return the codes ``[N, D]`` and the squared error of every picture ``[N]``."""
    codes, errors = [], []
    mse = metrics.metrics.get("mse")
    for x in images.batches(BATCH):
        z = network.encode(x).mode()
        codes.append(z.flatten(1))
        errors.append(mse(network.decode(z), x))
    return torch.cat(codes), torch.cat(errors)


def _neighbours(train_codes: Tensor, train: Images, test_codes: Tensor, test: Images) -> float:
    return float(
        metrics.knn_accuracy(
            train_codes.numpy(), train.labels, test_codes.numpy(), test.labels, k=NEIGHBOURS
        )
    )


def _features(judge: Judge, x: Tensor) -> NDArray[np.float32]:
    return torch.cat([judge.features(part) for part in x.split(BATCH)]).numpy()


def _quality(real: NDArray[np.float32], fake: NDArray[np.float32]) -> dict[str, float]:
    coverage, density = metrics.coverage_and_density(real, fake)
    return {
        "coverage": coverage,
        "density": density,
        "FID": metrics.frechet_distance(real, fake),
    }


def _rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)
