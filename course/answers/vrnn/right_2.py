"""A right answer with loops and the math module."""

import math

import numpy as np


def kl_gauss(mu_q, s_q, mu_p, s_p, free):
    rows = []
    for b in range(len(mu_q)):
        total = 0.0
        for j in range(mu_q.shape[1]):
            one = math.log(s_p[b, j]) - math.log(s_q[b, j])
            square = s_q[b, j] ** 2 + (mu_q[b, j] - mu_p[b, j]) ** 2
            one = one + square / s_p[b, j] ** 2 / 2 - 0.5
            total = total + max(one, free)
        rows.append(total)
    return np.array(rows)


def gmm_nll(x, log_pi, mu, s):
    rows = []
    for b in range(len(x)):
        weighted = []
        for k in range(mu.shape[1]):
            total = log_pi[b, k]
            for d in range(mu.shape[2]):
                if math.isnan(x[b, d]):
                    continue
                u = (x[b, d] - mu[b, k, d]) / s[b, k, d]
                total = total - u * u / 2 - math.log(s[b, k, d])
                total = total - math.log(2 * math.pi) / 2
            weighted.append(total)
        top = max(weighted)
        rows.append(-top - math.log(sum(math.exp(w - top) for w in weighted)))
    return np.array(rows)


def bivariate_log_prob(x, mu, s, a):
    rows = []
    for b in range(len(x)):
        first = (x[b, 0] - mu[b, 0]) / s[b, 0]
        second = (x[b, 1] - mu[b, 1]) / s[b, 1]
        minus, plus = (first - second) ** 2, (first + second) ** 2
        form = (minus + plus) / 8
        form = form + math.exp(2 * a[b]) * minus / 8 + math.exp(-2 * a[b]) * plus / 8
        size = abs(a[b])
        log_cosh = size + math.log1p(math.exp(-2 * size)) - math.log(2)
        log_scale = math.log(2 * math.pi) + math.log(s[b, 0]) + math.log(s[b, 1])
        rows.append(-form - log_scale + log_cosh)
    return np.array(rows)


def vrnn_step(params, x, h, eps):
    states, nlls, kls, codes = [], [], [], []
    for row, state, draw in zip(x, h, eps, strict=True):
        lost = bool(np.any(np.isnan(row)))
        mean_p, scale_p = state @ params["P_mu"], np.exp(state @ params["P_s"])
        if lost:
            mean, scale = mean_p, scale_p
        else:
            seen = np.append(row, state)
            mean, scale = seen @ params["Q_mu"], np.exp(seen @ params["Q_s"])
        z = mean + scale * draw
        code = np.append(z, state)
        center, spread = code @ params["D_mu"], np.exp(code @ params["D_s"])
        nll = kl = 0.0
        if lost:
            row = center
        else:
            u = (row - center) / spread
            nll = np.sum(u * u) / 2 + np.sum(np.log(spread))
            nll = nll + len(row) * math.log(2 * math.pi) / 2
            shift = (mean - mean_p) ** 2
            kl = np.sum(np.log(scale_p / scale) - 0.5)
            kl = kl + np.sum((scale**2 + shift) / (2 * scale_p**2))
        states.append(np.tanh(np.concatenate([row, z, state]) @ params["R"]))
        nlls.append(nll)
        kls.append(kl)
        codes.append(z)
    return np.array(states), np.array(nlls), np.array(kls), np.array(codes)


def sequence_estimate(log_p, log_prior, log_q, mask):
    rows = []
    for b in range(log_p.shape[1]):
        weights = []
        for k in range(len(log_p)):
            total = 0.0
            for t in range(log_p.shape[2]):
                if mask[b, t]:
                    total = total + log_p[k, b, t]
                    total = total + log_prior[k, b, t] - log_q[k, b, t]
            weights.append(total)
        top = max(weights)
        if top == -math.inf:
            rows.append(top)
            continue
        mean = sum(math.exp(w - top) for w in weights) / len(weights)
        rows.append(top + math.log(mean))
    return np.array(rows)
