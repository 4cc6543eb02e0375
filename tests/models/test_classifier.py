"""What the classifier alone promises."""

import pytest
import torch
from torch import nn

from latentlab.errors import BadConfig
from latentlab.models.images.classifier import ClassifierConfig, ConvClassifier


def test_every_map_size_has_as_many_convolutions_as_its_depth() -> None:
    classifier = ConvClassifier(ClassifierConfig(channels=(4, 6), depths=(1, 3)))
    widths = [m.out_channels for m in classifier.maps if isinstance(m, nn.Conv2d)]
    assert widths == [4, 6, 6, 6]


@pytest.mark.parametrize("depths", [(1,), (1, 0), (1, 1, 1)])
def test_depths_that_do_not_fit_the_channels_are_refused(depths: tuple[int, ...]) -> None:
    with pytest.raises(BadConfig, match="depth"):
        ConvClassifier(ClassifierConfig(channels=(4, 6), depths=depths))


def test_logits_come_from_the_features_alone() -> None:
    classifier = ConvClassifier(ClassifierConfig(channels=(4, 6), depths=(1, 1))).eval()
    x = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(classifier.logits(x), classifier.logits_of(classifier.features(x)))
