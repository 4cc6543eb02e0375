"""The mathematics of the VAE, against numbers worked by hand."""

import math
from dataclasses import replace

import pytest
import torch
from small_models import small_config, small_network
from torch import Tensor, nn

from latentlab import export
from latentlab.errors import BadConfig
from latentlab.models import VAE, DiagonalGaussian, Point


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def vae(**changes: object) -> VAE:
    network = small_network("vae")
    assert isinstance(network, VAE)
    rebuilt = VAE(replace(network.settings, **changes)).eval()
    rebuilt.load_state_dict(network.state_dict())
    return rebuilt


class Constant(nn.Module):
    """A decoder whose logits are known: ``values`` whatever the latent is."""

    def __init__(self, values: Tensor) -> None:
        super().__init__()
        self.values = values

    def forward(self, z: Tensor) -> Tensor:
        return self.values.expand(len(z), *self.values.shape)


def test_kl_of_known_gaussians() -> None:
    # KL(N(m, s^2) || N(0, 1)) = (m^2 + s^2 - 1 - ln s^2) / 2.
    posterior = DiagonalGaussian(
        mean=torch.tensor([[0.0, 1.0, 0.0, 2.0]]),
        log_variance=torch.tensor([[0.0, 0.0, math.log(4.0), math.log(0.25)]]),
    )
    expected = [0.0, 0.5, (4 - 1 - math.log(4)) / 2, (4 + 0.25 - 1 + math.log(4)) / 2]
    assert torch.allclose(posterior.kl(), torch.tensor([expected]))


def test_kl_is_what_sampling_estimates() -> None:
    posterior = DiagonalGaussian(torch.full((50_000, 1), 0.7), torch.full((50_000, 1), -0.8))
    z = posterior.sample(generator())
    log_q = -0.5 * ((z - 0.7) ** 2 / math.exp(-0.8) - 0.8)
    log_p = -0.5 * z**2
    assert (log_q - log_p).mean().item() == pytest.approx(posterior.kl()[0, 0].item(), abs=0.01)


def test_samples_have_the_posteriors_mean_and_deviation() -> None:
    posterior = DiagonalGaussian(torch.full((50_000, 1), 1.5), torch.full((50_000, 1), math.log(4)))
    z = posterior.sample(generator())
    assert z.mean().item() == pytest.approx(1.5, abs=0.03)
    assert z.std().item() == pytest.approx(2.0, abs=0.03)
    assert torch.equal(posterior.mode(), posterior.mean)


def test_a_point_is_its_own_sample_and_costs_nothing() -> None:
    z = torch.randn(2, 3, 4, generator=generator())
    assert torch.equal(Point(z).mode(), z) and torch.equal(Point(z).sample(generator()), z)
    assert torch.equal(Point(z).kl(), torch.zeros(2, 12))


def test_bernoulli_likelihood_of_known_logits() -> None:
    network = vae(likelihood="bernoulli")
    logits = torch.zeros(1, 28, 28)
    logits[0, 0, 0], logits[0, 0, 1] = math.log(3), -math.log(3)  # p = 3/4 and 1/4
    network.decoder = Constant(logits)
    x = torch.zeros(1, 1, 28, 28)
    x[0, 0, 0, 0] = 1
    x[0, 0, 0, 1] = 1
    expected = math.log(0.75) + math.log(0.25) + (28 * 28 - 2) * math.log(0.5)
    assert network.log_likelihood(x, torch.zeros(1, 3)).item() == pytest.approx(expected, rel=1e-5)
    decoded = network.decode(torch.zeros(1, 3))
    assert decoded[0, 0, 0, 0].item() == pytest.approx(0.75)


def test_gaussian_likelihood_of_known_pixels() -> None:
    network = vae(likelihood="gaussian", sigma=0.5)
    network.decoder = Constant(torch.zeros(1, 28, 28))  # every pixel's mean is 1/2
    x = torch.full((1, 1, 28, 28), 0.5)
    x[0, 0, 0, 0] = 1.0
    a_pixel = -math.log(0.5 * math.sqrt(2 * math.pi))
    expected = 784 * a_pixel - 0.5**2 / (2 * 0.5**2)
    assert network.log_likelihood(x, torch.zeros(1, 3)).item() == pytest.approx(expected, rel=1e-5)


def test_negative_elbo_is_distortion_and_weighted_rate() -> None:
    network = vae()
    x = torch.bernoulli(torch.full((4, 1, 28, 28), 0.3), generator=generator())
    with torch.inference_mode():
        distortion, rate = network.negative_elbo(x, generator(5), beta=2.5)
        posterior = network.encode(x)
        z = posterior.sample(generator(5))
        assert torch.allclose(distortion, -network.log_likelihood(x, z))
        assert torch.allclose(rate, 2.5 * posterior.kl().sum(1))


def test_log_marginal_is_exact_when_the_picture_tells_nothing_of_the_latent() -> None:
    # A decoder that ignores z: p(x | z) = p(x), so every importance weight p(z) / q(z) averages
    # to one, and with q = p each of them is one.
    network = vae()
    network.decoder = Constant(torch.full((1, 28, 28), 0.4))
    network.encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 6))
    nn.init.zeros_(network.encoder[1].weight)
    nn.init.zeros_(network.encoder[1].bias)
    x = torch.bernoulli(torch.full((3, 1, 28, 28), 0.5), generator=generator())
    with torch.inference_mode():
        exact = network.log_likelihood(x, torch.zeros(3, 3))
        assert torch.allclose(network.log_marginal(x, 4, generator()), exact)


def test_log_marginal_converges_to_an_integral_done_on_a_grid() -> None:
    network = VAE(replace(small_config("vae"), latent_size=1)).eval()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for parameter in network.decoder.parameters():
            nn.init.normal_(parameter, std=0.3)
    x = torch.bernoulli(torch.full((2, 1, 28, 28), 0.5), generator=generator())
    z = torch.linspace(-6, 6, 601)[:, None]
    with torch.inference_mode():
        log_prior = -0.5 * (z.squeeze(1) ** 2 + math.log(2 * math.pi))
        for picture in x:
            log_joint = network.log_likelihood(picture.expand(len(z), 1, 28, 28), z) + log_prior
            exact = torch.logsumexp(log_joint, 0).item() + math.log(12 / 600)
            estimate = network.log_marginal(picture[None], 400, generator()).item()
            assert estimate == pytest.approx(exact, abs=0.1)


def test_log_marginal_is_not_below_the_elbo() -> None:
    network = vae()
    x = torch.bernoulli(torch.full((8, 1, 28, 28), 0.3), generator=generator())
    with torch.inference_mode():
        terms = [sum(network.negative_elbo(x, generator(s), beta=1.0)) for s in range(20)]
        elbo = -torch.stack(terms).mean(0)
        marginal = network.log_marginal(x, 50, generator(1))
    assert (marginal >= elbo - 0.05).all()
    assert (marginal > elbo).any()


def test_gradients_reach_mean_and_log_variance_alike() -> None:
    network = vae().train()
    x = torch.bernoulli(torch.full((8, 1, 28, 28), 0.3), generator=generator())
    sum(network.negative_elbo(x, generator(), beta=1.0)).sum().backward()
    gradient = network.encoder[-1].bias.grad
    assert (gradient.abs() > 0).all()  # the first half are means, the second log variances


# --- the importance weighted bound ------------------------------------------------------------


def test_the_loss_to_descend_has_the_value_of_the_marginal() -> None:
    network = vae()
    x = torch.bernoulli(torch.full((4, 1, 28, 28), 0.3), generator=generator())
    with torch.inference_mode():
        marginal = network.log_marginal(x, 400, generator(1))
        loss = network.negative_importance_bound(x, 400, generator(2))
    assert torch.allclose(loss, -marginal, atol=0.2)


def test_with_one_sample_the_decoder_learns_as_from_the_elbo() -> None:
    x = torch.bernoulli(torch.full((8, 1, 28, 28), 0.3), generator=generator())
    gradients = []
    for tight in (True, False):
        network = vae()
        bound = network.negative_importance_bound(x, 1, generator(3))
        elbo = sum(network.negative_elbo(x, generator(3), beta=1.0))
        (bound if tight else elbo).sum().backward()
        gradients.append([p.grad for p in network.decoder.parameters()])
    assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(*gradients, strict=True))


def test_the_encoders_gradient_is_that_of_the_bound() -> None:
    # Doubly reparameterised or not, the gradient is the same in expectation.
    found = []
    x = torch.bernoulli(torch.full((1, 1, 28, 28), 0.3), generator=generator())
    for tight in (True, False):
        network = vae()
        many = x.expand(4000, 1, 28, 28)
        if tight:
            loss = network.negative_importance_bound(many, 2, generator(4)).mean()
        else:
            loss = -network.log_marginal(many, 2, generator(5)).mean()
        loss.backward()
        found.append(network.encoder[-1].bias.grad)
    assert torch.allclose(*found, atol=0.05 * found[0].abs().max().item() + 0.02)


# --- residual blocks --------------------------------------------------------------------------


def test_without_blocks_the_network_is_the_plain_one() -> None:
    names = list(vae(blocks=0).state_dict())
    assert names == list(small_network("vae").state_dict())
    assert len([m for m in vae(blocks=0).decoder if isinstance(m, nn.Conv2d)]) == 0


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 64, 64)])
def test_blocks_stay_a_plain_chain_that_a_browser_runs(shape: tuple[int, int, int]) -> None:
    network = VAE(replace(small_config("vae", shape), blocks=2))
    x = torch.bernoulli(torch.full((16, *shape), 0.3), generator=generator())
    network.train()(x)  # batch norm sees something
    network.eval()
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3):
            nn.init.normal_(layer.weight, std=0.2)  # as after training: no identity any more
    with torch.inference_mode():
        z = network.encode(x).mode()
        plan = export.decoder_plan(network, "vae.test")
        assert torch.allclose(export.run_plan(plan, z), network.decode(z), atol=1e-5)
        back = export.decoder_plan(export.encoder_of(network), "vae.test")
        assert torch.allclose(export.run_plan(back, x).flatten(1), z, atol=1e-5)
    assert len([layer for layer in plan if layer.op == "conv2d"]) == 4


def test_blocks_on_top_of_a_trained_network_change_nothing_at_first() -> None:
    plain = vae()
    grown = VAE(replace(plain.settings, blocks=2)).eval()
    missing, unexpected = grown.load_state_dict(plain.state_dict(), strict=False)
    assert len(missing) == 16 and not unexpected
    x = torch.bernoulli(torch.full((4, 1, 28, 28), 0.3), generator=generator())
    with torch.inference_mode():
        assert torch.allclose(grown(x), plain(x), atol=1e-6)


def test_a_config_with_absurdly_many_blocks_is_refused() -> None:
    with pytest.raises(BadConfig, match="65536 blocks"):
        VAE(replace(small_config("vae"), blocks=65536))
