"""What `wasserstein_autoencoder` compares: penalties on the codes, colour by colour."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One penalty on the codes of the same networks.

    Attributes:
        kind: "ae" (no penalty), "vae", "mmd" or "gan".
        is_stochastic: whether codes are drawn, from Gaussians.
        kernel: of the penalty "mmd", see `model.KERNELS`.
        is_strong: whether the penalty "gan" has the larger of its two weights.
        is_wide: whether the "vae" has the larger of its two variances.
        is_main: whether it belongs to the comparison that figures show.
    """

    kind: str
    is_stochastic: bool = False
    kernel: str = "imq"
    is_strong: bool = False
    is_wide: bool = False
    is_main: bool = True


VARIANTS = {
    "ae": Variant(label="autoencoder", color="black", kind="ae"),
    "wae_mmd": Variant(label="WAE-MMD", kind="mmd"),
    "wae_rbf": Variant(
        label="WAE-MMD, RBF kernel",
        color="sky",
        kind="mmd",
        kernel="rbf",
        is_main=False,
    ),
    "wae_mmd_random": Variant(
        label="WAE-MMD, Gaussian codes",
        color="green",
        kind="mmd",
        is_stochastic=True,
        is_main=False,
    ),
    "wae_gan": Variant(label="WAE-GAN (= AAE)", color="orange", kind="gan"),
    "wae_gan_strong": Variant(
        label="WAE-GAN, larger λ",
        color="amber",
        kind="gan",
        is_strong=True,
        is_main=False,
    ),
    "vae": Variant(label="VAE, v = 0.05", color="pink", kind="vae", is_stochastic=True),
    "vae_wide": Variant(
        label="VAE, v = 0.5",
        color="grey",
        kind="vae",
        is_stochastic=True,
        is_wide=True,
    ),
}
