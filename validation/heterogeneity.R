# Intervals for heterogeneity and for a new study by brute force -> tests/oracle/heterogeneity.json
# Run from the root of the repository:  Rscript validation/heterogeneity.R
# Weighted sums of chi-squares by Imhof's integral (takes minutes); Wald and Henmi and Copas by metafor 3.8.
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
stopifnot(packageVersion("metafor") == "3.8.1")
above <- function(q, lambda) { lambda <- lambda[lambda > 1e-10 * max(lambda)]
  f <- function(u) sapply(u, function(u) if (u == 0) (sum(lambda) - q) / 2 else sin(sum(atan(lambda * u)) / 2 - q * u / 2) / (u * prod((1 + lambda^2 * u^2)^.25)))
  ends <- c(0, 2^(-6:14)) / mean(lambda)
  .5 + sum(mapply(function(a, b) integrate(f, a, b, rel.tol = 1e-9, abs.tol = 1e-13, subdivisions = 5000, stop.on.error = FALSE)$value, head(ends, -1), ends[-1])) / pi }
form <- function(vi, X, w) { W <- diag(w); W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W }
p.q <- function(tau2, yi, vi, A) { S <- diag(sqrt(vi + tau2)); above(c(yi %*% A %*% yi), eigen(S %*% A %*% S, symmetric = TRUE)$values) }
p.gamma <- function(tau2, yi, vi, A) { M <- A %*% diag(vi + tau2); E <- sum(diag(M)); V <- 2 * sum(diag(M %*% M))
  pgamma(c(yi %*% A %*% yi), shape = E^2 / V, rate = E / V, lower.tail = FALSE) }
bounds <- function(p, ...) sapply(c(.025, .975), function(tail) if (p(0, ...) >= tail) 0 else
  uniroot(function(t) p(t, ...) - tail, c(0, 1000), tol = 1e-13)$root)
H <- function(q, k) { se <- if (q > k) .5 * (log(q) - log(k - 1)) / (sqrt(2 * q) - sqrt(2 * k - 3)) else sqrt(1 / (2 * (k - 2)) * (1 - 1 / (3 * (k - 2)^2)))
  pmax(1, exp(.5 * log(max(q / (k - 1), 1)) + c(-1, 1) * qnorm(.975) * se)) }

case <- function(label, yi, vi, mods = NULL) {
  k <- length(yi); X <- if (is.null(mods)) matrix(1, k, 1) else cbind(1, mods)
  fit <- if (is.null(mods)) rma(yi, vi, control = list(threshold = 1e-12, maxiter = 1000)) else rma(yi, vi, mods = mods, control = list(threshold = 1e-12, maxiter = 1000))
  A <- form(vi, X, 1 / vi); h <- H(fit$QE, k)
  out <- list(label = label, yi = yi, vi = vi, mods = mods, J = bounds(p.q, yi, vi, form(vi, X, 1 / sqrt(vi))), BJ = bounds(p.q, yi, vi, A),
              BT = bounds(p.gamma, yi, vi, A), W = pmax(0, fit$tau2 + c(-1, 1) * qnorm(.975) * fit$se.tau2))
  if (is.null(mods)) {
    out$HT <- 100 * (h^2 - 1) / h^2
    hc <- hc(fit, control = list(tol = 1e-14)); out$hc <- list(estimate = c(hc$beta), se = hc$se, low = hc$ci.lb, high = hc$ci.ub)
    # Kenward-Roger with the expected information of tau2 (REML)
    w <- 1 / (vi + fit$tau2); V <- 1 / sum(w)
    info <- .5 * sum(w^2) - sum(w^3) / sum(w) + .5 * (sum(w^2) / sum(w))^2; var.t <- 1 / info
    adjusted <- V + 2 * V^2 * var.t * (sum(w^3) - sum(w^2)^2 / sum(w)); df <- 2 / (var.t * (sum(w^2) / sum(w))^2)
    out$kr <- list(estimate = c(fit$beta), se = sqrt(adjusted), df = df)
    # Partlett and Riley: Knapp-Hartung's standard error, t of k - 2
    s2 <- sum(w * (yi - c(fit$beta))^2) / ((k - 1) * sum(w))
    out$partlett_riley <- c(fit$beta) + c(-1, 1) * qt(.975, k - 2) * sqrt(fit$tau2 + s2)
    # Nagashima, Noma and Furukawa without the sampling: u over the distribution of tau2, z and t integrated out
    new <- function(x, tau2) { w <- 1 / (vi + tau2); m <- sum(w * yi) / sum(w); s <- sqrt(sum(w * (yi - m)^2) / ((k - 1) * sum(w)))
      if (tau2 == 0) pt((x - m) / s, k - 1) else integrate(function(z) dnorm(z) * pt((x - m - sqrt(tau2) * z) / s, k - 1), -9, 9, rel.tol = 1e-11, subdivisions = 500)$value }
    g0 <- p.q(0, yi, vi, A);
    # log odds of the share of u above g0 as the variable of a trapezoid rule: tails decay
    l <- seq(-16, 16, length.out = 97); share <- plogis(l); u <- g0 + (1 - g0) * share
    tau2 <- sapply(u, function(u) uniroot(function(t) p.q(t, yi, vi, A) - u, c(0, 1e9), tol = 1e-13)$root)
    weight <- (1 - g0) * share * (1 - share) * (l[2] - l[1])
    cdf <- function(x) g0 * new(x, 0) + sum(weight * sapply(tau2, new, x = x))
    out$nagashima <- sapply(c(.025, .975), function(p) uniroot(function(x) cdf(x) - p, c(fit$beta) + c(-50, 50) * sqrt(max(vi)), tol = 1e-10)$root)
  }
  out
}
d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
yi <- as.numeric(d$yi); vi <- as.numeric(d$vi)
cases <- list(case("bcg", yi, vi), case("five alike", c(.2, .35, .1, .4, .3), c(.04, .09, .02, .06, .05)), case("latitude", yi, vi, d$ablat))
write(toJSON(cases, digits = NA, auto_unbox = TRUE), "tests/oracle/heterogeneity.json")
print(lapply(cases, function(x) x[-(1:4)]))
