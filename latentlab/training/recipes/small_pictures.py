"""The recipes for MNIST and Fashion-MNIST, alike but for what garments need otherwise."""

from latentlab.models.images.autoencoder import DenseAutoencoderConfig
from latentlab.models.images.classifier import ClassifierConfig
from latentlab.models.images.conv_autoencoder import ConvAutoencoderConfig
from latentlab.models.images.denoising_autoencoder import DenoisingAutoencoderConfig
from latentlab.models.images.vae import VAEConfig
from latentlab.training.objectives import Denoising, Elbo, Labels, Reconstruction
from latentlab.training.recipes.base import Recipe, add

TITLES = {"mnist": "MNIST digits", "fashion_mnist": "Fashion-MNIST garments"}

NO_PRIOR = "Has no prior: a code far from those of the data decodes to nothing sensible."

for _data, _of in TITLES.items():
    _garments = _data == "fashion_mnist"

    add(
        Recipe(
            name=f"classifier.{_data}",
            data=_data,
            summary=f"Classifies {_of}; its probabilities and features score samples and paths.",
            config=ClassifierConfig(depths=(1, 1, 2)),
            objective=Labels(shift=1 if _garments else 2, flip=_garments),
            epochs=18 if _garments else 12,
            learning_rate=4e-3,
            limits=(
                "Gives every picture one of ten classes, also a picture that is none of them.",
            ),
        )
    )
    add(
        Recipe(
            name=f"autoencoder.{_data}_k2",
            data=_data,
            tag="k2",
            summary=f"Squeezes {_of} through 2 numbers; dense layers only.",
            config=DenseAutoencoderConfig(latent_size=2),
            objective=Reconstruction(),
            # To arrange pictures on a plane takes longer than to give them back: on held-out
            # digits 10-NN accuracy was .879 half-way and .899 at the end.
            epochs=50 if _garments else 100,
            limits=(NO_PRIOR,),
        )
    )
    add(
        Recipe(
            name=f"denoising_autoencoder.{_data}",
            data=_data,
            summary=f"Restores damaged {_of}; trained on six kinds of damage at all strengths.",
            config=DenoisingAutoencoderConfig(),
            objective=Denoising(clean_share=0.05),
            epochs=12 if _garments else 40,
            limits=(
                f"Has seen {_of} only, and will turn anything else into one.",
                "Trained up to the strength at which each slider ends.",
            ),
        )
    )
    add(
        Recipe(
            name=f"conv_autoencoder.{_data}_k32",
            data=_data,
            tag="k32",
            summary=f"Squeezes {_of} through 32 numbers; convolutions keep edges sharp.",
            config=ConvAutoencoderConfig(latent_size=32),
            objective=Reconstruction(),
            epochs=14 if _garments else 25,
            limits=(NO_PRIOR,),
        )
    )
    for _k in (16,) if _garments else (16, 2):
        add(
            Recipe(
                name=f"vae.{_data}_k{_k}",
                data=_data,
                tag=f"k{_k}",
                summary=f"A smooth map of {_of} with {_k} dimensions, from which one can draw.",
                config=VAEConfig(latent_size=_k, blocks=0 if _garments or _k == 2 else 2),
                objective=(
                    Elbo(binarise=True, warm_up=0.1)
                    if _garments or _k == 2
                    else Elbo(binarise=True, warm_up=0.1, tighten_from=0.75, samples=5)
                ),
                epochs=25 if _garments else 24 if _k == 16 else 30,
                limits=("Reconstructions are averages over what might have been: soft edges.",),
            )
        )
