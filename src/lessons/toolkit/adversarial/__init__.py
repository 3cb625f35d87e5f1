"""Adversarial training, as several lessons share it.

`turns` has the model whose two networks are updated in turns, `gan` the GAN and the
Wasserstein GAN with a gradient penalty, and `theory` the losses they train with.
"""

from lessons.toolkit.adversarial.gan import GAN, PenalizedWGAN, points_between
from lessons.toolkit.adversarial.turns import Adversarial, is_critic_turn

__all__ = ["GAN", "Adversarial", "PenalizedWGAN", "is_critic_turn", "points_between"]
