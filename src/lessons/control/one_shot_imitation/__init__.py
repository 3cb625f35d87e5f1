"""Duan et al. 2017: a policy that sees one demonstration and does the same elsewhere.

Modules: `theory` (attention, dropout, loss), `theory_routes` (other routes, compounding
errors), `tasks` (strings, splits), `blocks` and `particles` (simulators, experts),
`demonstrations`, `data`, `networks` (three networks), `model` (block policy),
`model_reach` (particles), `dagger`, `acting` (rollouts of policies), `evaluation`,
`variants`, `config` (presets), `experiment` (`run`), `figures`, `paper`.
"""
