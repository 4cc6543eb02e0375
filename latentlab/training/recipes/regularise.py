"""Recipes of the study “regularise”: networks alike but for what keeps them from copying.

One layer of 256 sigmoid units: plain, sparse, denoising, contractive, each with the same budget.
The dense VAE has the stack of the study of code sizes, at several weights of its divergence.
"""

from latentlab.models import ModelConfig
from latentlab.models.images.contractive_autoencoder import ContractiveAutoencoderConfig
from latentlab.models.images.dense_vae import DenseVAEConfig
from latentlab.models.images.shallow_autoencoder import ShallowAutoencoderConfig
from latentlab.models.images.sparse_autoencoder import SparseAutoencoderConfig
from latentlab.training.objectives import (
    Denoising,
    Elbo,
    Objective,
    PenalisedReconstruction,
    Reconstruction,
)
from latentlab.training.recipes.base import Recipe, add
from latentlab.training.recipes.small_pictures import NO_PRIOR, TITLES

STUDY = "regularise"
UNITS = 256
EPOCHS = 12
# Sigmoid units learn slowly: with the others' 2e-3 twelve epochs do not bring a penalty to rest.
LEARNING_RATE = 1e-2

# By what they are called in names of checkpoints; "" is the one that stands beside the others.
SPARSE = {"weak": (0.5, 0.05), "": (5.0, 0.05), "strong": (50.0, 0.05)}  # λ, ρ
SPARSE |= {"rho02": (5.0, 0.02), "rho10": (5.0, 0.1)}
L1_WEIGHT = 0.2
CONTRACTIVE = {"weak": 0.01, "": 0.1, "strong": 1.0}  # λ
BETAS = {"b01": 0.1, "b1": 1.0, "b4": 4.0, "b16": 16.0}
COLLAPSED = 200.0  # a divergence that no reconstruction is worth
VARIATIONAL = BETAS | {"collapsed": COLLAPSED}
DIMENSIONS = 16


def one_layer(
    family: str, data: str, version: str, parts: tuple[ModelConfig, Objective, str]
) -> Recipe:
    """Return the recipe of one of the four; ``parts`` end in the sentence that describes it."""
    config, objective, does = parts
    tag = f"k{UNITS}_{version}" if version else f"k{UNITS}"
    return Recipe(
        name=f"{family}.{data}_{tag}",
        data=data,
        tag=tag,
        summary=f"One layer of {UNITS} sigmoid units for {TITLES[data]}; {does}.",
        config=config,
        objective=objective,
        epochs=EPOCHS,
        learning_rate=LEARNING_RATE,
        weight_decay=0.0,
        limits=(NO_PRIOR,),
        study=STUDY,
    )


def plain(data: str) -> Recipe:
    """Return the recipe of the network that nothing regularises."""
    config = ShallowAutoencoderConfig(latent_size=UNITS, code="sigmoid")
    does = "nothing keeps it from copying"
    return one_layer("shallow_autoencoder", data, "", (config, Reconstruction(), does))


def denoising(data: str) -> Recipe:
    """Return the recipe of the same network, given damaged pictures."""
    config = ShallowAutoencoderConfig(latent_size=UNITS, code="sigmoid")
    parts = config, Denoising(clean_share=0.05), "it must give back clean pictures for damaged ones"
    return one_layer("shallow_autoencoder", data, "denoising", parts)


def sparse(data: str, version: str = "") -> Recipe:
    """Return the recipe of the network whose units are held to a mean activation."""
    weight, rho = SPARSE[version]
    config = SparseAutoencoderConfig(latent_size=UNITS, weight=weight, rho=rho)
    does = f"each may be active {rho:.0%} of the time, at λ = {weight:g}"
    return one_layer("sparse_autoencoder", data, version, (config, PenalisedReconstruction(), does))


def sparse_l1(data: str) -> Recipe:
    """Return the recipe of the network that pays for every activation."""
    config = SparseAutoencoderConfig(latent_size=UNITS, weight=L1_WEIGHT, penalty="l1")
    parts = config, PenalisedReconstruction(), "every activation costs"
    return one_layer("sparse_autoencoder", data, "l1", parts)


def contractive(data: str, version: str = "") -> Recipe:
    """Return the recipe of the network whose code may change little."""
    weight = CONTRACTIVE[version]
    config = ContractiveAutoencoderConfig(latent_size=UNITS, weight=weight)
    does = f"its code must change little when the picture does, at λ = {weight:g}"
    return one_layer(
        "contractive_autoencoder", data, version, (config, PenalisedReconstruction(), does)
    )


def variational(data: str, version: str = "b1") -> Recipe:
    """Return the recipe of a dense VAE with 16 dimensions, its divergence weighed by beta."""
    beta = VARIATIONAL[version]
    collapsed = beta >= COLLAPSED
    how = "collapsed on purpose by" if collapsed else "its divergence weighed by"
    return Recipe(
        name=f"dense_vae.{data}_{version}",
        data=data,
        tag=version,
        summary=f"A dense VAE of {TITLES[data]} with {DIMENSIONS} dimensions, {how} beta {beta:g}.",
        config=DenseVAEConfig(latent_size=DIMENSIONS, beta=beta),
        objective=Elbo(binarise=True, warm_up=0.0 if collapsed else 0.2),
        epochs=EPOCHS,
        limits=("Reconstructions are averages over what might have been: soft edges.",),
        study=STUDY,
    )


for _data in TITLES:
    add(plain(_data))
    add(denoising(_data))
    add(sparse(_data))
    add(contractive(_data))
    add(variational(_data))
for _version in SPARSE:
    if _version:
        add(sparse("mnist", _version))
add(sparse_l1("mnist"))
for _version in CONTRACTIVE:
    if _version:
        add(contractive("mnist", _version))
for _version in VARIATIONAL:
    if _version != "b1":
        add(variational("mnist", _version))
