"""Al-Shedivat et al. 2018: learn a start and a step that suit the next task.

Modules: `theory` (steps, weights, PPO, closed forms), `bandit` (every outcome of a
pair of tasks), `data` (sinusoids, drifting targets, pairs of legs), `functional`
(networks of given parameters), `model` (MAML, chain), `networks` (policies),
`model_agent` (PPO and algorithm 1), `execution` (algorithm 2), `hexapod`, `sumo`,
`gym_envs`, `rating`, `games`, `population`, `variants`, `config` (presets),
`evaluation`, `experiment` (`run`), `figures`, `paper`.
"""
