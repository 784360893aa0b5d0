# Effects of trials made one by metafor's aggregate.escalc, and contrasts with dependent rows -> tests/oracle/aggregate.json
# Run from the root of the repository:  Rscript validation/aggregate.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
stopifnot(packageVersion("metafor") == "3.8.1")
d <- dat.assink2016[1:40, c("study", "esid", "id", "yi", "vi", "year")]; d$week <- ave(seq_len(nrow(d)), d$study, FUN = seq_along) + (d$study %% 2) / 2
e <- as.data.frame(d); class(e) <- c("escalc", "data.frame"); attr(e$yi, "ni") <- NULL
V <- vcalc(vi, cluster = study, obs = esid, rho = .3, data = d)
one <- function(...) { a <- aggregate(e, cluster = e$study, ...); list(yi = as.numeric(a$yi), vi = as.numeric(a$vi), year = a$year) }
out <- list(study = d$study, yi = as.numeric(d$yi), vi = d$vi, year = d$year, week = d$week, V = V,
  cs = one(struct = "CS", rho = .6), car = one(struct = "CAR", time = e$week, phi = .8), given = one(V = V),
  plain = one(struct = "CS", rho = .6, weighted = FALSE))
write(toJSON(out, digits = NA, matrix = "rowmajor"), "tests/oracle/aggregate.json")
str(out[7:10])
