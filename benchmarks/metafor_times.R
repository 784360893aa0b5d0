# Seconds per fit of metafor for the jobs of against_metafor.py; prints JSON. Arguments: file with yi, vi as JSON.
suppressMessages({library(metafor); library(jsonlite)})
d <- fromJSON(commandArgs(TRUE)[1])
yi <- d$yi; vi <- d$vi
seconds <- function(expr, times) { expr <- substitute(expr); env <- parent.frame()
  eval(expr, env); system.time(for (i in seq_len(times)) eval(expr, env))[["elapsed"]] / times }
fit <- rma(yi, vi)
cat(toJSON(list(
  pool = seconds(rma(yi, vi), 60),
  gosh = seconds(suppressMessages(gosh(fit, subsets = 200, progbar = FALSE)), 1) / 200,
  permutation = seconds(permutest(fit, iter = 200, progbar = FALSE), 1) / 200,
  influence = seconds(influence(fit), 5)), digits = NA, auto_unbox = TRUE))
