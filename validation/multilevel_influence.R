# Reference numbers for ev.influence of ev.multilevel: metafor's diagnostics of rma.mv, by cluster and by row.
# Run from the root of the repository: Rscript validation/multilevel_influence.R
suppressMessages(library(metafor))

tight <- list(optimizer = "BFGS", reltol = 1e-14, maxit = 5000)
json <- function(x) paste0("[", paste(sprintf("%.15g", x), collapse = ", "), "]")
rows <- function(x) paste0("[", paste(apply(as.matrix(x), 1, json), collapse = ", "), "]")

d <- as.data.frame(dat.konstantopoulos2011)
d$row <- seq_len(nrow(d))

one <- function(name, mods, rho) {
  V <- sqrt(outer(d$vi, d$vi)) * ifelse(outer(d$district, d$district, "=="), rho, 0)
  diag(V) <- d$vi
  fit <- rma.mv(yi, V, mods = mods, random = ~ 1 | district / school, data = d, control = tight)
  by <- function(cluster) {
    cook <- cooks.distance(fit, cluster = cluster)
    sprintf('{"cook": %s, "dfbetas": %s}', json(cook), rows(dfbetas(fit, cluster = cluster)))
  }
  sprintf('{"name": "%s", "rho": %g, "hat": %s, "weight": %s, "cluster": %s, "row": %s}', name, rho,
    json(hatvalues(fit)), if (fit$int.only) json(weights(fit, type = "rowsum")) else "null", by(d$district), by(d$row))
}
data <- sprintf('{"district": %s, "school": %s, "year": %s, "yi": %s, "vi": %s}', json(d$district), json(d$school),
  json(d$year), json(d$yi), json(d$vi))
cases <- c(one("mean", ~ 1, 0), one("mean, correlated", ~ 1, 0.4), one("year", ~ year, 0))
writeLines(sprintf('{"data": %s, "cases": [%s]}', data, paste(cases, collapse = ",\n")), "tests/oracle/multilevel_influence.json")
