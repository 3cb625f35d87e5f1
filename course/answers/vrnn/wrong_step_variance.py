"""Multiplies the noise by the variance instead of the standard deviation."""

# loses: vrnn_step

import numpy as np


def vrnn_step(params, x, h, eps):
    missing = np.isnan(x).any(axis=1)
    x = np.where(missing[:, None], 0.0, x)
    mu_p, s_p = h @ params["P_mu"], np.exp(h @ params["P_s"])
    both = np.concatenate([x, h], axis=1)
    mu_q, s_q = both @ params["Q_mu"], np.exp(both @ params["Q_s"])
    kl = np.log(s_p / s_q) + (s_q**2 + (mu_q - mu_p) ** 2) / (2 * s_p**2) - 0.5
    kl = np.where(missing, 0.0, kl.sum(axis=1))
    there = ~missing[:, None]
    z = np.where(there, mu_q, mu_p) + np.where(there, s_q, s_p) ** 2 * eps
    code = np.concatenate([z, h], axis=1)
    mean, s_x = code @ params["D_mu"], np.exp(code @ params["D_s"])
    nll = 0.5 * ((x - mean) / s_x) ** 2 + np.log(s_x) + 0.5 * np.log(2 * np.pi)
    nll = np.where(missing, 0.0, nll.sum(axis=1))
    x = np.where(there, x, mean)
    return np.tanh(np.concatenate([x, z, h], axis=1) @ params["R"]), nll, kl, z
