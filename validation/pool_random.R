# Reference fits of metafor on random data: every estimator, every test, with and without moderators.
# Rscript validation/pool_random.R   (from the repository root) writes tests/oracle/pool_random.json
# DLIT is not asked for: metafor 3.8 stops at another value than later versions; validation/dlit.py adds its fits.
suppressMessages({library(metafor); library(jsonlite)})

control <- list(threshold = 1e-11, maxiter = 2000, tol = 1e-14)
methods <- c("EE", "DL", "HE", "HS", "HSk", "SJ", "SJIT", "ML", "REML", "EB", "PM", "PMM", "GENQ")
tests <- c(z = "z", t = "t", hksj = "knha", `hksj-adhoc` = "adhoc")

draw <- function(seed, k, tau2) {
  set.seed(seed)
  x1 <- rnorm(k)
  x2 <- rep(c(0, 1), length.out = k)
  vi <- exp(runif(k, log(0.01), log(0.6)))
  yi <- 0.3 + 0.4 * x1 - 0.2 * x2 + rnorm(k, 0, sqrt(tau2)) + rnorm(k, 0, sqrt(vi))
  list(yi = yi, vi = vi, x1 = x1, x2 = x2, weights = runif(k, 0.5, 2))
}

inference <- function(fit) list(
  estimate = c(fit$beta), se = fit$se, statistic = fit$zval, p_value = fit$pval,
  ci_low = fit$ci.lb, ci_high = fit$ci.ub, qm = fit$QM, qm_p = fit$QMp)

# Fixed values that no test changes come from the z fit; a fit that metafor cannot finish is recorded as null.
run <- function(d, method, moderators, weighted = TRUE) {
  call <- list(yi = d$yi, vi = d$vi, method = method, control = control, weighted = weighted)
  if (moderators) call$mods <- cbind(x1 = d$x1, x2 = d$x2)
  if (method == "GENQ") call$weights <- d$weights
  fits <- lapply(tests, function(test) try(suppressWarnings(do.call(rma, c(call, test = test))), silent = TRUE))
  if (inherits(fits[[1]], "try-error")) return(NULL)
  fit <- fits[["z"]]
  which <- if (method == "REML") "REML" else "ML"
  list(method = method, moderators = moderators, weighted = weighted,
       tau2 = fit$tau2, tau2_se = fit$se.tau2, i2 = fit$I2, h2 = fit$H2, q = fit$QE, q_p = fit$QEp, r2 = fit$R2,
       log_likelihood = fit$fit.stats["ll", which], aic = fit$fit.stats["AIC", which],
       bic = fit$fit.stats["BIC", which], aicc = fit$fit.stats["AICc", which],
       tests = lapply(fits, inference))
}

shapes <- list(c(1, 5, 0), c(3, 8, 0.3), c(4, 13, 0), c(5, 13, 0.1), c(6, 20, 0.4), c(8, 40, 1))
out <- lapply(shapes, function(s) {
  d <- draw(s[1], s[2], s[3])
  fits <- list()
  for (moderators in c(FALSE, TRUE)) {
    for (method in methods) fits <- c(fits, list(run(d, method, moderators)))
    fits <- c(fits, list(run(d, "REML", moderators, weighted = FALSE)))
  }
  list(data = d, fits = Filter(Negate(is.null), fits))
})
cat(sum(sapply(out, function(o) length(o$fits))), "fits of", length(shapes) * 2 * (length(methods) + 1), "\n")
write_json(out, "tests/oracle/pool_random.json", digits = NA, auto_unbox = TRUE, na = "null", null = "null")
