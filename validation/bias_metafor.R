# Writes tests/oracle/bias_metafor.json: small-study tests, trim and fill, fail-safe N and the test of excess
# significance by metafor, and the count tests by lm, on random and published data.
# Run from the root of the repository: Rscript validation/bias_metafor.R
suppressMessages({library(metafor); library(jsonlite)})

random <- function(seed, k, bias) {
  set.seed(seed)
  ni <- round(exp(rnorm(k, 4.5, 0.8))) + 10
  vi <- 4 / ni * runif(k, 0.8, 1.3)
  yi <- 0.2 + bias * sqrt(vi) + rnorm(k, 0, 0.2) + rnorm(k, 0, sqrt(vi))
  data.frame(yi = yi, vi = vi, ni = ni)
}
published <- function(dat) {
  dat <- data.frame(yi = c(dat$yi), vi = dat$vi, ni = attr(dat$yi, "ni"))
  dat[complete.cases(dat), ]
}
sets <- list(
  random_small = random(1, 7, 0.5),
  random_biased = random(2, 24, 1.5),
  random_null = random(3, 40, 0),
  random_negative = transform(random(4, 18, 1.2), yi = -yi),
  bcg = published(escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)),
  egger2001 = published(escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.egger2001)),
  hackshaw1998 = with(dat.hackshaw1998, data.frame(yi = yi, vi = vi, ni = cases)),
  bangertdrowns2004 = with(subset(dat.bangertdrowns2004, !is.na(ni)), data.frame(yi = yi, vi = vi, ni = ni)),
  equal_ranks = transform(random(5, 12, 0.8), vi = round(vi, 2) + 0.01)
)
predictors <- c("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")
models <- list(REML_z = list("REML", "z"), DL_hksj = list("DL", "knha"), EE_z = list("EE", "z"),
               `REML_hksj-adhoc` = list("REML", "adhoc"))

line <- function(x) {
  fit <- x$fit
  table <- if (inherits(fit, "lm")) summary(fit)$coefficients else cbind(fit$beta, fit$se, fit$zval, fit$pval)
  list(beta = unname(table[, 1]), se = unname(table[, 2]), statistic = unname(table[2, 3]), p = unname(table[2, 4]),
       limit = if (is.null(x$est)) NULL else c(x$est, x$ci.lb, x$ci.ub))
}
out <- list()
for (name in names(sets)) {
  dat <- sets[[name]]
  one <- list(yi = dat$yi, vi = dat$vi, ni = dat$ni)
  one$lm <- sapply(predictors, function(p)
    line(regtest(dat$yi, dat$vi, ni = dat$ni, model = "lm", predictor = p, ret.fit = TRUE)), simplify = FALSE)
  one$rma <- sapply(models, function(m) {
    res <- rma(yi, vi, ni = ni, data = dat, method = m[[1]], test = m[[2]],
               control = list(threshold = 1e-13, maxiter = 1000))
    sapply(predictors, function(p) {
      x <- sqrt(dat$vi)
      X <- switch(p, sei = sqrt(dat$vi), vi = dat$vi, ni = dat$ni, ninv = 1 / dat$ni, sqrtni = sqrt(dat$ni),
                  sqrtninv = 1 / sqrt(dat$ni))
      # regtest does not hand control to its fit, so the same model is fitted to a tight tolerance here
      fit <- rma(dat$yi, dat$vi, mods = X, method = m[[1]], test = m[[2]],
                 control = list(threshold = 1e-13, maxiter = 1000))
      reg <- regtest(res, predictor = p)
      stopifnot(abs(reg$zval - fit$zval[2]) < 1e-3)
      c(line(list(fit = fit, est = if (p %in% c("ni", "sqrtni")) NULL else fit$beta[1], ci.lb = fit$ci.lb[1],
             ci.ub = fit$ci.ub[1])), tau2 = fit$tau2)
    }, simplify = FALSE)
  }, simplify = FALSE)
  # Thompson & Sharp: moment estimator, t with k - 2 df
  ts <- rma(yi, vi, mods = ~ sqrt(vi), data = dat, method = "DL", test = "t")
  one$thompson_sharp <- list(beta = c(ts$beta), se = ts$se, p = ts$pval[2], tau2 = ts$tau2)
  rank <- ranktest(dat$yi, dat$vi)
  one$rank <- list(tau = unname(rank$tau), p = rank$pval)
  one$trimfill <- list()
  for (method in c("EE", "REML", "DL")) for (side in list(NULL, "left", "right")) for (est in c("L0", "R0", "Q0")) {
    args <- list(rma(yi, vi, data = dat, method = method, control = list(threshold = 1e-13, maxiter = 1000)),
                 estimator = est)
    if (!is.null(side)) args$side <- side
    # trimfill refits with default tolerance; a tight one goes along with the dots
    args$control <- list(threshold = 1e-13, maxiter = 1000)
    tf <- try(suppressWarnings(do.call(trimfill, args)), silent = TRUE)
    key <- paste(method, if (is.null(side)) "auto" else side, est)
    one$trimfill[[key]] <- if (inherits(tf, "try-error")) list(error = TRUE) else list(
      side = tf$side, k0 = tf$k0, se_k0 = tf$se.k0, p_k0 = tf$p.k0, estimate = c(tf$beta), se = tf$se, tau2 = tf$tau2,
      filled = c(tf$yi)[tf$fill])
  }
  one$fsn <- list(
    rosenthal = fsn(yi, vi, data = dat)$fsnum, rosenthal_p = fsn(yi, vi, data = dat)$pval,
    rosenthal_01 = fsn(yi, vi, data = dat, alpha = 0.01)$fsnum,
    orwin = fsn(yi, vi, data = dat, type = "Orwin", target = 0.05)$fsnum,
    orwin_weighted = fsn(yi, vi, data = dat, type = "Orwin", target = 0.05, weighted = TRUE)$fsnum,
    rosenberg = fsn(yi, vi, data = dat, type = "Rosenberg")$fsnum,
    rosenberg_p = fsn(yi, vi, data = dat, type = "Rosenberg")$pval)
  one$tes <- list()
  for (method in c("EE", "REML")) {
    res <- rma(yi, vi, data = dat, method = method, control = list(threshold = 1e-13, maxiter = 1000))
    for (test in c("chi2", "binom", if (nrow(dat) <= 13) "exact")) for (alt in c("two.sided", "greater", "less")) {
      # integration over +-5 tau by default leaves out 6e-7 of the density; its tolerance is tightened here
      t <- tes(res, test = test, alternative = alt, progbar = FALSE, rel.tol = 1e-12)
      one$tes[[paste(method, test, alt)]] <- list(
        tau2 = res$tau2, theta = c(res$beta), O = t$O, E = t$E, p = t$pval, power = t$power,
        limit = if (is.null(t$theta.lim)) NA else t$theta.lim)
    }
  }
  uwls <- summary(lm(yi ~ 1, weights = 1 / vi, data = dat))$coefficients
  adequate <- sqrt(dat$vi) <= abs(uwls[1]) / 2.8
  waap <- if (sum(adequate) >= 2) summary(lm(yi ~ 1, weights = 1 / vi, data = dat[adequate, ]))$coefficients else uwls
  one$waap <- list(uwls = unname(uwls[1:2]), k = sum(adequate), waap = unname(waap[1:2]), p = unname(waap[4]))
  pet <- lm(yi ~ sqrt(vi), weights = 1 / vi, data = dat)
  peese <- lm(yi ~ vi, weights = 1 / vi, data = dat)
  one$pet_peese <- list(pet = unname(coef(pet)), pet_p = summary(pet)$coefficients[1, 4], peese = unname(coef(peese)),
                        peese_ci = unname(confint(peese)[1, ]))
  out[[name]] <- one
}

counts <- list(
  bcg = with(dat.bcg, list(ai = tpos, bi = tneg, ci = cpos, di = cneg)),
  egger2001 = with(dat.egger2001, list(ai = ai, bi = n1i - ai, ci = ci, di = n2i - ci)),
  hahn2001 = with(subset(dat.hahn2001, ai + ci > 0), list(ai = ai, bi = n1i - ai, ci = ci, di = n2i - ci))
)
for (name in names(counts)) {
  t <- counts[[name]]
  # as numbers: products of integers overflow
  a <- t$ai + 0.0; b <- t$bi + 0.0; c <- t$ci + 0.0; d <- t$di + 0.0; n <- a + b + c + d
  es <- escalc("OR", ai = a, bi = b, ci = c, di = d)
  coefs <- function(fit) { s <- summary(fit)$coefficients; list(beta = unname(s[, 1]), se = unname(s[, 2]), p = unname(s[2, 4])) }
  w <- 1 / (1 / (a + c) + 1 / (b + d))
  z <- a - (a + b) * (a + c) / n
  v <- (a + b) * (c + d) * (a + c) * (b + d) / (n^2 * (n - 1))
  # the papers' own forms: Harbord regresses Z / sqrt(V) on sqrt(V), whose intercept is the asymmetry
  counts[[name]]$macaskill <- coefs(lm(es$yi ~ n, weights = w))
  counts[[name]]$peters <- coefs(lm(es$yi ~ I(1 / n), weights = w))
  h <- summary(lm(I(z / sqrt(v)) ~ sqrt(v)))$coefficients
  counts[[name]]$harbord <- list(beta = unname(h[2:1, 1]), se = unname(h[2:1, 2]), p = unname(h[1, 4]))
}
write(toJSON(list(metafor = as.character(packageVersion("metafor")), sets = out, counts = counts), digits = NA,
             auto_unbox = TRUE, null = "null", na = "null"), "tests/oracle/bias_metafor.json")
