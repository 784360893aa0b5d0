"""Network meta-analysis: treatments compared through each other.

`network` is the way in; `gls` fits, `inconsistency` asks whether direct and indirect agree, `ranking` orders.

Examples
--------
>>> import evidence as ev, pandas as pd
>>> rows = [("t1", "needle", "none", 0.5), ("t2", "drug", "none", 0.3), ("t3", "needle", "none", 0.4),
...         ("t4", "needle", "drug", 0.3), ("t5", "drug", "needle", -0.13)]
>>> trials = pd.DataFrame(rows, columns=["study", "treatment1", "treatment2", "yi"]).assign(vi=0.05)
>>> net = ev.network(trials, treatment1="treatment1", treatment2="treatment2", study="study", reference="none")
>>> print(net.sentence())
In a network of 5 trials and 3 treatments, the differences from none run from 0.27 (drug, 95% confidence
interval −0.24 to 0.77) to 0.47 (needle, 95% confidence interval 0.03 to 0.90); 1 of 2 intervals exclude no
difference.
"""
