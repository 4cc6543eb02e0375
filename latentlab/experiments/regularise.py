"""What keeps an autoencoder from copying, and what does it buy? One penalty a network.

One layer of 256 sigmoid units, plain, sparse, denoising or contractive, and the dense VAE with 16
dimensions at five weights of its divergence: recipes of the study, all with the same epochs. (Of
those at other weights of their penalties the cards tell.)
PCA with as many numbers is the baseline. All are fitted on the training split and measured on the
test split.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from latentlab.models import Autoencoder
    from latentlab.training.recipes import Recipe

QUICK_EPOCHS = 1
LABELS = 10_000  # of the training split, for probes; the more, the slower
BATCH = 500
SIGMA = 0.3  # of the noise on a picture that is to come back clean
INVENTED = 2_000  # pictures decoded from random codes, and as many of the test split

# By x, as results name them.
UNITS = {
    "plain": "Plain",
    "denoising": "Denoising",
    "sparse": "Sparse",
    "sparse_l1": "Sparse, L1",
    "contractive": "Contractive",
}
VARIATIONAL = {
    "vae_b01": "VAE, β = 0.1",
    "vae_b1": "VAE, β = 1",
    "vae_b4": "VAE, β = 4",
    "vae_b16": "VAE, β = 16",
    "vae_collapsed": "VAE, β = 200",
}
PCA = {"pca_256": 256, "pca_16": 16}
TITLES = UNITS | VARIATIONAL | {name: f"PCA, {k}" for name, k in PCA.items()}
NETWORKS = {"mnist": (*UNITS, *VARIATIONAL)}  # by data set

EVERYWHERE = {
    "error": Axis("mean squared error"),
    "noisy": Axis(f"mean squared error, noise of {SIGMA} on the picture"),
    "probe": Axis(f"accuracy of a linear probe, {LABELS:,} labels"),
    "coverage": Axis("test pictures near one that was decoded from a random code"),
}
OF_UNITS = {
    "activation": Axis("mean activation"),
    "population": Axis("population sparseness"),
    "lifetime": Axis("lifetime sparseness"),
    "dead": Axis("dead units"),
    "jacobian": Axis("squared norm of the encoder's Jacobian"),
}
OF_POSTERIORS = {"rate": Axis("rate", "nats"), "active": Axis("active units")}
BETTER = ("probe", "coverage", "population", "lifetime", "active")  # the higher


def measures(network: str) -> dict[str, Axis]:
    """Return what is measured of a network."""
    if network in UNITS:
        return EVERYWHERE | OF_UNITS
    return EVERYWHERE | OF_POSTERIORS if network in VARIATIONAL else EVERYWHERE


def recipe(network: str, data: str) -> "Recipe":
    """Return the recipe behind a name on the x axis."""
    from latentlab.training.recipes import regularise

    family, _, version = network.partition("_")
    if family == "plain":
        return regularise.plain(data)
    if family == "denoising":
        return regularise.denoising(data)
    if family == "vae":
        return regularise.variational(data, version)
    if family == "sparse":
        return regularise.sparse_l1(data) if version else regularise.sparse(data)
    return regularise.contractive(data)


def _line(data: str, measure: str, y: Axis, baseline: bool) -> Line:
    return Line(
        name=f"{data}.{measure}.pca" if baseline else f"{data}.{measure}",
        label="PCA" if baseline else "Autoencoders",
        group=f"{data}.{measure}",
        y=y,
        higher_is_better=measure in BETTER,
        baseline=baseline,
        seeded=not baseline,
    )


def _plan(quick: bool) -> tuple[Cell, ...]:
    cells = []
    for data, networks in NETWORKS.items():
        points = tuple((f"{data}.{measure}.pca", name) for name in PCA for measure in EVERYWHERE)
        cells.append(Cell(f"pca.{data}", points, partial(_pca, data)))
        cells += [
            Cell(
                f"{network}.{data}",
                tuple((f"{data}.{measure}", network) for measure in measures(network)),
                partial(_network, network, data),
            )
            for network in (("sparse", "vae_b1") if quick else networks)
            if network in networks
        ]
    return tuple(cells)


experiments.add(
    "regularise",
    Experiment(
        name="regularise",
        title="What keeps it from copying?",
        question="What does each way of keeping an autoencoder from copying cost, and what does it"
        " buy?",
        x=Axis("network"),
        data=tuple(NETWORKS),
        lines=tuple(
            line
            for data in NETWORKS
            for line in (
                *(_line(data, measure, y, True) for measure, y in EVERYWHERE.items()),
                *(
                    _line(data, measure, y, False)
                    for measure, y in (EVERYWHERE | OF_UNITS | OF_POSTERIORS).items()
                ),
            )
        ),
        plan=_plan,
        budget="12 epochs a network",
        quick_budget="1 epoch a network",
        seeds=3,
    ),
)


def _network(name: str, data: str, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.experiments import networks
    from latentlab.models import Autoencoder

    network = yield from networks.obtain(recipe(name, data), seed, effort, QUICK_EPOCHS)
    assert isinstance(network, Autoencoder)
    with torch.inference_mode():
        return list(_measured(network, name, data, seed))


def _measured(network: "Autoencoder", name: str, data: str, seed: int) -> Iterator[float]:
    """Yield what ``measures`` names, in its order."""
    import torch

    from latentlab import metrics
    from latentlab.data import datasets
    from latentlab.models import VAE
    from latentlab.models.images.contractive_autoencoder import jacobian_norm

    rng = torch.Generator().manual_seed(seed)
    train, test = (datasets.get(data).load(split) for split in ("train", "test"))

    def encode(x: "Tensor") -> "Tensor":
        return network.encode(x).mode()

    x = train.tensor(slice(0, LABELS))
    known = torch.cat([encode(part) for part in x.split(BATCH)])
    if isinstance(network, VAE):
        drawn = torch.randn(INVENTED, known.shape[1], generator=rng)
    else:  # every unit for itself: what the code's own distribution leaves is its dependences
        noise = torch.randn(INVENTED, known.shape[1], generator=rng)
        drawn = (known.mean(0) + known.std(0) * noise).clamp(0, 1)
    codes = torch.cat([encode(part) for part in test.batches(BATCH)])
    yield from _everywhere(data, encode, network.decode, (known, codes, drawn), rng)
    if isinstance(network, VAE):
        posteriors = [network.encode(part) for part in test.batches(BATCH)]
        yield torch.cat([posterior.kl().sum(1) for posterior in posteriors]).mean().item()
        yield float(metrics.active_units(codes))
        return
    layer = network.encoder_layers()[1]
    assert isinstance(layer, torch.nn.Linear)
    yield codes.mean().item()
    yield metrics.population_sparseness(codes)
    yield metrics.lifetime_sparseness(codes)
    yield metrics.dead_units(codes) / codes.shape[1]
    yield jacobian_norm(codes, layer.weight).mean().item()


def _pca(data: str, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.data import datasets
    from latentlab.evaluation.shared import principal_components

    values: list[float] = []
    train, test = (datasets.get(data).load(split) for split in ("train", "test"))
    with torch.inference_mode():
        for done, k in enumerate(PCA.values()):
            yield done / len(PCA)
            rng = torch.Generator().manual_seed(seed)
            pca = principal_components(data, k)
            known = pca.encode(train.tensor(slice(0, LABELS)))
            drawn = known.std(0) * torch.randn(INVENTED, k, generator=rng)
            codes = pca.encode(test.tensor())
            values += _everywhere(data, pca.encode, pca.decode, (known, codes, drawn), rng)
    return values


def _everywhere(
    data: str,
    encode: "Callable[[Tensor], Tensor]",
    decode: "Callable[[Tensor], Tensor]",
    codes: "tuple[Tensor, Tensor, Tensor]",
    rng: "torch.Generator",
) -> Iterator[float]:
    """Yield what is measured of every code; ``codes`` of training and test pictures, and random."""
    import torch

    from latentlab import metrics
    from latentlab.data import datasets
    from latentlab.evaluation.shared import classifier_of
    from latentlab.noise.corruptions import make

    train, test = (datasets.get(data).load(split) for split in ("train", "test"))
    mse = metrics.metrics.get("mse")
    damage = make("gaussian", SIGMA)
    known, of_test, drawn = codes
    errors, noisy = [], []
    for x, z in zip(test.batches(BATCH), of_test.split(BATCH), strict=True):
        errors.append(mse(decode(z).clamp(0, 1), x))
        noisy.append(mse(decode(encode(damage(x, rng))).clamp(0, 1), x))
    yield torch.cat(errors).mean().item()
    yield torch.cat(noisy).mean().item()
    yield metrics.probe_accuracy(known, train.labels[:LABELS], of_test, test.labels)
    classifier = classifier_of(data)
    real, invented = (
        torch.cat([classifier.features(part) for part in x.split(BATCH)]).numpy()
        for x in (test.tensor(slice(0, INVENTED)), decode(drawn).clamp(0, 1))
    )
    yield metrics.coverage_and_density(real, invented)[0]
