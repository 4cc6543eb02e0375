"""Exports everything that a browser has to decode, once, for the kernel and for JavaScript."""

from pathlib import Path

import pytest
from exported_names import ENCODERS, SHIPPED
from small_decoders import odd_chains

from latentlab import checkpoints, export
from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import datasets
from latentlab.latents import spaces
from latentlab.models import Autoencoder, LatentModel


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with ``NAME.json`` and ``NAME.bin.gz`` of every shipped decoder, and of odd ones."""
    folder = tmp_path_factory.mktemp("exported")
    for name in SHIPPED:
        checkpoint = checkpoints.load(name)
        model = checkpoint.load_model()
        assert isinstance(model, LatentModel)
        codes = spaces.draw(spaces.network_space(model, checkpoint.statistics()), 4, seed=0)
        export.write(export.decoder_files(model, name, codes), folder)
    for name in ENCODERS.values():
        model = checkpoints.load(name).load_model()
        assert isinstance(model, Autoencoder)
        codes = datasets.get(checkpoints.load(name).card.data).samples().tensor(slice(0, 4))
        encoder = export.encoder_of(model)
        export.write(export.decoder_files(encoder, f"encoder.{name}", codes.flatten(1)), folder)
    for name, decoder in odd_chains().items():
        export.write(export.decoder_files(decoder, name), folder)
    pictures = datasets.get("mnist").samples().tensor(slice(0, 50))
    components = PrincipalComponents.fit(pictures, 16)
    files = export.decoder_files(components, "pca", components.encode(pictures))
    export.write(files, folder)
    return folder
