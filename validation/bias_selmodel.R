# Writes tests/oracle/bias_selmodel.json: selection models by metafor's selmodel on random and published data.
# Run from the root of the repository: Rscript validation/bias_selmodel.R
suppressMessages({library(metafor); library(jsonlite)})

# Studies seen with the chances of a step function, so that there is something to find.
selected <- function(seed, k, mu = 0.2, tau = 0.15) {
  set.seed(seed)
  yi <- vi <- x <- numeric(0)
  while (length(yi) < k) {
    v <- 4 / (round(exp(rnorm(1, 4.5, 0.7))) + 10)
    m <- rbinom(1, 1, 0.5)
    y <- rnorm(1, mu + 0.15 * m, sqrt(tau^2 + v))
    p <- pnorm(y / sqrt(v), lower.tail = FALSE)
    if (runif(1) < ifelse(p < 0.025, 1, ifelse(p < 0.5, 0.4, 0.15))) { yi <- c(yi, y); vi <- c(vi, v); x <- c(x, m) }
  }
  data.frame(yi = yi, vi = vi, x = x)
}
hahn <- escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.hahn2001, drop00 = TRUE)
hackshaw <- dat.hackshaw1998
baskerville <- with(dat.baskerville2012, data.frame(yi = smd, vi = se^2, x = blind))
sets <- list(
  selected = selected(11, 60),
  large = selected(12, 120, 0.05, 0.2),
  hackshaw1998 = with(hackshaw, data.frame(yi = yi, vi = vi, x = as.numeric(year > 1989))),
  baskerville2012 = baskerville,
  hahn2001 = subset(data.frame(yi = c(hahn$yi), vi = hahn$vi, x = 0), !is.na(yi))
)
# set, method, kind, alternative, steps, moderator
cases <- list(
  list("selected", "ML", "stepfun", "greater", 0.025, FALSE),
  list("selected", "ML", "stepfun", "greater", c(0.025, 0.5), FALSE),
  list("selected", "ML", "stepfun", "two.sided", 0.05, FALSE),
  list("selected", "ML", "stepfun", "greater", 0.025, TRUE),
  list("selected", "EE", "stepfun", "greater", c(0.025, 0.5), FALSE),
  list("large", "ML", "stepfun", "greater", c(0.005, 0.05), TRUE),
  list("large", "ML", "stepfun", "two.sided", c(0.01, 0.05), FALSE),
  # beta and power, two-sided, are left out: integrate() fails at z = 0, where log(1 - p) has no bound
  list("selected", "ML", "beta", "greater", NULL, FALSE),
  list("selected", "ML", "halfnorm", "greater", NULL, FALSE),
  list("selected", "ML", "negexp", "greater", NULL, FALSE),
  list("selected", "ML", "logistic", "greater", NULL, FALSE),
  list("selected", "ML", "power", "greater", NULL, FALSE),
  list("selected", "ML", "negexp", "two.sided", NULL, TRUE),
  list("hackshaw1998", "ML", "stepfun", "greater", c(0.025, 0.5), FALSE),
  list("hackshaw1998", "ML", "negexp", "greater", NULL, FALSE),
  list("baskerville2012", "ML", "beta", "greater", NULL, FALSE),
  list("baskerville2012", "ML", "beta", "greater", NULL, TRUE),
  list("baskerville2012", "ML", "stepfun", "greater", 0.025, FALSE),
  list("hahn2001", "EE", "halfnorm", "less", NULL, FALSE),
  list("hahn2001", "EE", "negexp", "less", NULL, FALSE),
  list("hahn2001", "EE", "logistic", "less", NULL, FALSE),
  list("hahn2001", "EE", "power", "less", NULL, FALSE)
)
results <- lapply(cases, function(case) {
  dat <- sets[[case[[1]]]]
  fitting <- list(yi = dat$yi, vi = dat$vi, method = case[[2]], control = list(threshold = 1e-14, maxiter = 5000))
  if (case[[6]]) fitting$mods <- dat$x
  res <- do.call(rma, fitting)
  control <- list(optimizer = "BFGS", reltol = if (case[[3]] == "stepfun") 1e-14 else 1e-11, maxit = 5000)
  # the beta model's integrand has kinks where p values are held back, and a tight integrate() takes minutes or fails:
  # on baskerville2012, where tau2 is 0 as well, it runs with metafor's own defaults
  if (case[[1]] == "baskerville2012" && case[[3]] == "beta") {
    control <- list()
  } else if (case[[3]] != "stepfun") {
    control$intCtrl <- list(rel.tol = 1e-8, subdivisions = 500)
  }
  args <- list(res, type = case[[3]], alternative = case[[4]], control = control)
  if (!is.null(case[[5]])) args$steps <- case[[5]]
  fit <- try(suppressWarnings(do.call(selmodel, args)), silent = TRUE)
  if (inherits(fit, "try-error")) { cat(unlist(case), ": ", fit, "\n"); return(NULL) }
  cat(unlist(case), ": ll", sprintf("%.9f", c(logLik(fit))), "\n")
  list(set = case[[1]], method = case[[2]], kind = case[[3]], alternative = sub(".", "-", case[[4]], fixed = TRUE),
       steps = I(as.numeric(case[[5]])), moderator = case[[6]], beta = I(c(fit$beta)), se = I(c(fit$se)),
       tau2 = fit$tau2, se_tau2 = fit$se.tau2, delta = I(c(fit$delta)), se_delta = I(c(fit$se.delta)),
       ll = c(logLik(fit)), lrt = fit$LRT, lrt_df = fit$LRTdf, lrt_p = fit$LRTp)
})
write(toJSON(list(metafor = as.character(packageVersion("metafor")), sets = sets, cases = Filter(Negate(is.null), results)), digits = NA,
             auto_unbox = TRUE, null = "null", na = "null", dataframe = "columns"), "tests/oracle/bias_selmodel.json")
