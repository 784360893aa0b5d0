# Reference numbers for ev.sampling_covariance: metafor::vcalc with correlations between outcomes and over time.
# Run from the root of the repository: Rscript validation/sampling_covariance.R
suppressMessages({library(metafor); library(jsonlite)})
set.seed(11)
d <- expand.grid(week = c(0, 4, 13), outcome = c("pain", "function"), study = c("A", "B", "C"), stringsAsFactors = FALSE)
d <- d[sample(nrow(d), 14), ]
d$vi <- round(runif(nrow(d), 0.02, 0.3), 4)
rownames(d) <- NULL
V <- list(
  rho = vcalc(vi, cluster = study, obs = seq_len(nrow(d)), data = d, rho = 0.6),
  outcome_week = vcalc(vi, cluster = study, type = outcome, time1 = week, data = d, rho = 0.5, phi = 0.9),
  week = vcalc(vi, cluster = paste(study, outcome), time1 = week, data = d, phi = 0.95)
)
write(toJSON(list(data = as.list(d), V = V), digits = NA), "tests/oracle/sampling_covariance.json")
