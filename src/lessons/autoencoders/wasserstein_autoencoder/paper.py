"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Trainable parameters of the published networks.
PAPER_PARAMETERS = {
    "paper": {
        "encoder": 11_050_632,
        "decoder": 10_943_745,
        "discriminator": 793_089,
    },
    "paper_celeba": {"encoder": 18_267_200, "decoder": 21_475_331},
}

# FID on CelebA as the paper's table has it; a later version prints 63 for the VAE.
PAPER_FID = {"vae": 82, "wae_mmd": 55, "wae_gan": 42}

_OTHER_FEATURES = (
    "the paper's distances are on CelebA and ImageNet features, ours on 8 x 8 digits "
    "and a small classifier's"
)
HEADLINES = (
    Headline(
        "digits: Fréchet distance of samples, VAE (v = 0.05)",
        "vae/frechet",
        "82 (CelebA FID)",
        2,
        _OTHER_FEATURES,
    ),
    Headline("… WAE-MMD", "wae_mmd/frechet", "55 (CelebA FID)"),
    Headline("… WAE-GAN", "wae_gan/frechet", "42 (CelebA FID)"),
    Headline("… plain autoencoder", "ae/frechet", "—"),
    Headline("… VAE (v = 0.5: squared error + KL)", "vae_wide/frechet", "—"),
    Headline("… transport cost to test images, plain autoencoder", "ae/transport", "—"),
    Headline("… transport cost, WAE-MMD", "wae_mmd/transport", "—"),
    Headline("… transport cost, WAE-GAN", "wae_gan/transport", "—"),
    Headline(
        "… transport cost, VAE (v = 0.05)",
        "vae/transport",
        "—",
        2,
        "a tuned VAE is better than WAE here: squared distances forgive blur",
    ),
    Headline("… transport cost, training images", "floor/transport", "—"),
    Headline(
        "… sharpness of samples, VAE (v = 0.05)",
        "vae/sharpness",
        "3e-3 (CelebA)",
        2,
        "other images, other units; the order is the paper's",
    ),
    Headline("… sharpness, WAE-MMD", "wae_mmd/sharpness", "6e-3 (CelebA)"),
    Headline("… test reconstruction error, WAE-MMD", "wae_mmd/reconstruction", "—"),
    Headline("… test reconstruction error, VAE", "vae/reconstruction", "—"),
)
