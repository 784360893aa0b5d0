"""Meta-analytic models: each family in its own room.

`engine` fits many at once; `univariate`, `dependence`, `multilevel`, `counts`, `network`, `bayes` and `bivariate` stand
on it. Shared by all: `studies` (the way in), `design`, `weights`, `wald`, `information`, `wording`, `result`.

Examples
--------
>>> import evidence as ev
>>> fit = ev.pool([0.10, 0.32, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01])
>>> fit.to_frame()[["k", "estimate", "se"]].round(3).to_dict("list")
{'k': [4], 'estimate': [0.383], 'se': [0.131]}
>>> print(fit.predict().round(2).to_string(index=False))
 estimate   se  ci_low  ci_high  pi_low  pi_high
     0.38 0.13   -0.04      0.8   -0.39     1.16
"""
