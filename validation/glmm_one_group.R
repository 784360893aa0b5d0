# Proportions and rates of single groups by metafor's rma.glmm (lme4) -> tests/oracle/glmm_one_group.json
# Run from the root of the repository:  Rscript validation/glmm_one_group.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
stopifnot(packageVersion("metafor") == "3.8.1")

case <- function(label, measure, method, ...) {
  inputs <- list(...)
  fit <- suppressWarnings(do.call(rma.glmm, c(list(measure = measure, method = method, nAGQ = 25), inputs,
         list(control = list(optCtrl = list(maxfun = 1e5), nAGQ = 25)))))
  list(label = label, measure = measure, method = method, inputs = inputs, estimate = c(fit$beta), se = fit$se, tau2 = fit$tau2,
       log_likelihood = unname(fit$fit.stats["ll", 1]), aic = unname(fit$fit.stats["AIC", 1]), aicc = unname(fit$fit.stats["AICc", 1]),
       bic = unname(fit$fit.stats["BIC", 1]), i2 = fit$I2, h2 = fit$H2, lrt = fit$QE.LRT, wald = fit$QE.Wld, df = fit$QE.df)
}
# The maximum itself, which lme4's optimiser misses in the fifth digit, and all constants of the likelihood, which glmer
# leaves out with more than one node: the normal distribution integrated out by a trapezoid rule over a wide fine grid.
z <- seq(-9, 9, length.out = 4001); w <- dnorm(z) * (z[2] - z[1])
exact <- function(measure, xi, size) {
  density <- function(i, eta) if (measure == "PLO") dbinom(xi[i], size[i], plogis(eta)) else dpois(xi[i], size[i] * exp(eta))
  minus <- function(p) -sum(sapply(seq_along(xi), function(i) log(sum(w * density(i, p[1] + p[2] * z)))))
  start <- c(if (measure == "PLO") qlogis(sum(xi) / sum(size)) else log(sum(xi) / sum(size)), .5)
  top <- nlminb(start, minus, control = list(rel.tol = 1e-15, x.tol = 1e-12))
  at <- top$par - solve(numDeriv::hessian(minus, top$par), numDeriv::grad(minus, top$par))
  list(estimate = at[1], tau2 = at[2]^2, log_likelihood = -minus(at), se = sqrt(solve(numDeriv::hessian(minus, at))[1, 1]))
}
# the proportions (with a zero) and rates are made up; the third are the rates of dat.nielweise2008, control group
xi <- c(0, 3, 11, 4, 30, 7, 2, 16); ni <- c(18, 41, 60, 22, 104, 55, 39, 61)
r <- dat.nielweise2008
cases <- list(
  case("proportions", "PLO", "ML", xi = xi, ni = ni), case("proportions, common", "PLO", "EE", xi = xi, ni = ni),
  case("rates", "IRLN", "ML", xi = r$x2i, ti = r$t2i), case("rates, common", "IRLN", "EE", xi = r$x2i, ti = r$t2i))
for (i in c(1, 3)) cases[[i]]$exact <- with(cases[[i]], exact(measure, inputs$xi, inputs[[2]]))
write(toJSON(cases, digits = NA, auto_unbox = TRUE), "tests/oracle/glmm_one_group.json")
