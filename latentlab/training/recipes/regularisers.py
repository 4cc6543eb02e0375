"""Recipes of the study “regularisers”: networks alike but for what keeps them from copying.

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

STUDY = "regularisers"
UNITS = 256
EPOCHS = 12
RHO = 0.05
SPARSE_WEIGHT, L1_WEIGHT, CONTRACTIVE_WEIGHT = 0.5, 0.05, 0.1
BETAS = (0.1, 1.0, 4.0, 16.0)
COLLAPSED = 200.0  # a divergence that no reconstruction is worth


def one_layer(data: str, name: str, config: ModelConfig, objective: Objective, does: str) -> Recipe:
    """Return the recipe of one of the four; ``does`` ends the sentence that describes it."""
    return Recipe(
        name=name,
        data=data,
        tag=f"k{UNITS}",
        summary=f"One layer of {UNITS} sigmoid units for {TITLES[data]}; {does}.",
        config=config,
        objective=objective,
        epochs=EPOCHS,
        weight_decay=0.0,
        limits=(NO_PRIOR,),
        study=STUDY,
    )


def plain(data: str) -> Recipe:
    """Return the recipe of the network that nothing regularises."""
    config = ShallowAutoencoderConfig(latent_size=UNITS, code="sigmoid")
    name = f"shallow_autoencoder.{data}_k{UNITS}"
    return one_layer(data, name, config, Reconstruction(), "nothing keeps it from copying")


def denoising(data: str) -> Recipe:
    """Return the recipe of the same network, given damaged pictures."""
    config = ShallowAutoencoderConfig(latent_size=UNITS, code="sigmoid")
    name = f"shallow_autoencoder.{data}_k{UNITS}_denoising"
    does = "it must give back clean pictures for damaged ones"
    return one_layer(data, name, config, Denoising(clean_share=0.05), does)


def sparse(data: str, weight: float = SPARSE_WEIGHT, rho: float = RHO) -> Recipe:
    """Return the recipe of the network whose units are held to a mean activation."""
    config = SparseAutoencoderConfig(latent_size=UNITS, weight=weight, rho=rho)
    name = f"sparse_autoencoder.{data}_k{UNITS}"
    does = f"each may be active {rho:.0%} of the time"
    return one_layer(data, name, config, PenalisedReconstruction(), does)


def sparse_l1(data: str, weight: float = L1_WEIGHT) -> Recipe:
    """Return the recipe of the network that pays for every activation."""
    config = SparseAutoencoderConfig(latent_size=UNITS, weight=weight, penalty="l1")
    name = f"sparse_autoencoder.{data}_k{UNITS}_l1"
    return one_layer(data, name, config, PenalisedReconstruction(), "every activation costs")


def contractive(data: str, weight: float = CONTRACTIVE_WEIGHT) -> Recipe:
    """Return the recipe of the network whose code may change little."""
    config = ContractiveAutoencoderConfig(latent_size=UNITS, weight=weight)
    name = f"contractive_autoencoder.{data}_k{UNITS}"
    does = "its code must change little when the picture does"
    return one_layer(data, name, config, PenalisedReconstruction(), does)


def variational(data: str, beta: float) -> Recipe:
    """Return the recipe of a dense VAE with 16 dimensions, its divergence weighed by ``beta``."""
    collapsed = beta >= COLLAPSED
    written = "collapsed" if collapsed else f"b{beta:g}".replace(".", "")
    return Recipe(
        name=f"dense_vae.{data}_{written}",
        data=data,
        tag="collapsed" if collapsed else f"beta {beta:g}",
        summary=f"A dense VAE of {TITLES[data]} with 16 dimensions, "
        + (
            f"collapsed on purpose by beta {beta:g}."
            if collapsed
            else f"its divergence weighed by {beta:g}."
        ),
        config=DenseVAEConfig(latent_size=16, beta=beta),
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
    add(variational(_data, 1.0))
for _beta in (0.1, 4.0, 16.0, COLLAPSED):
    add(variational("mnist", _beta))
add(sparse_l1("mnist"))
