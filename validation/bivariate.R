# Fixtures for the bivariate model: rma.mv(struct = "UN") of metafor, with profile likelihood intervals of rho.
# Run from the root of the repository: Rscript validation/bivariate.R

suppressMessages({library(metafor); library(jsonlite)})

tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 5000)

fit <- function(d, method) {
  long <- rbind(data.frame(study = d$study, outcome = "a", yi = d$y1), data.frame(study = d$study, outcome = "b", yi = d$y2))
  k <- nrow(d)
  V <- diag(c(d$v1, d$v2))
  for (i in seq_len(k)) V[i, k + i] <- V[k + i, i] <- d$rho[i] * sqrt(d$v1[i] * d$v2[i])
  keep <- !is.na(long$yi)
  res <- rma.mv(yi, V[keep, keep], mods = ~ outcome - 1, random = ~ outcome | study, struct = "UN", data = long[keep, ],
                method = method, control = tight, sparse = FALSE)
  ci <- confint(res, rho = 1, control = list(tol = 1e-10, vc.min = -1, vc.max = 1))$random
  list(mean = c(coef(res)), se = res$se, vcov = unname(vcov(res)), tau2 = res$tau2, rho = res$rho,
       log_likelihood = c(logLik(res)), rho_low = ci[1, "ci.lb"], rho_high = ci[1, "ci.ub"])
}

berkey <- metadat::dat.berkey1998
b <- split(berkey, berkey$trial)
berkey <- do.call(rbind, lapply(b, function(x) {
  pd <- x[x$outcome == "PD", ]; al <- x[x$outcome == "AL", ]
  data.frame(study = x$trial[1], y1 = pd$yi, v1 = pd$vi, y2 = al$yi, v2 = al$vi,
             rho = x$v2i[1] / sqrt(x$v1i[1] * x$v2i[2]))
}))

bcg <- metadat::dat.colditz1994
arms <- escalc(measure = "PLO", xi = tpos, mi = tneg, data = bcg)
control <- escalc(measure = "PLO", xi = cpos, mi = cneg, data = bcg)
bcg <- data.frame(study = bcg$trial, y1 = c(control$yi), v1 = c(control$vi), y2 = c(arms$yi), v2 = c(arms$vi), rho = 0)

sat <- metadat::dat.kalaian1996
one <- function(outcome) sat[sat$outcome == outcome, c("study", "yi", "vi")]
sat <- merge(one("verbal"), one("math"), by = "study", all = TRUE)
names(sat) <- c("study", "y1", "v1", "y2", "v2")
sat$v1[is.na(sat$v1)] <- 1; sat$v2[is.na(sat$v2)] <- 1
sat$rho <- 0.66

set <- function(d) {
  plain <- d[, c("y1", "v1", "y2", "v2", "rho")]
  rownames(plain) <- NULL
  list(data = as.list(plain), REML = fit(d, "REML"), ML = fit(d, "ML"))
}
out <- list(berkey1998 = set(berkey), colditz1994 = set(bcg), kalaian1996 = set(sat),
            versions = list(R = as.character(getRversion()), metafor = as.character(packageVersion("metafor"))))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", pretty = 1), "tests/oracle/bivariate.json")
