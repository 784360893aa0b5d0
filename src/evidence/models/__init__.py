"""Meta-analytic models: each family in its own room.

`engine` fits many at once; `univariate`, `dependence`, `multilevel`, `counts`, `network`, `bayes` and `bivariate` stand
on it. Shared by all: `studies` (the way in), `design`, `weights`, `wald`, `information`, `wording`, `result`.
"""
