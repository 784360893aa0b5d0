# Effect sizes of the rarer measures by metafor's escalc -> tests/oracle/escalc_more.json
# Run from the root of the repository:  Rscript validation/escalc_more.R
# Where later versions of metafor define a variance otherwise than 3.8, their formula stands here (README.md).
suppressMessages({library(metafor); library(jsonlite); library(mvtnorm); library(numDeriv)})
stopifnot(packageVersion("metafor") == "3.8.1")
set.seed(20261129)

cases <- list()
case <- function(measure, inputs, ..., yi = NULL, vi = NULL, correct = NULL) {
  options <- list(...)
  if (is.null(yi) || is.null(vi)) {
    result <- suppressWarnings(do.call(escalc, c(list(measure = measure), inputs, options)))
    if (is.null(yi)) yi <- as.numeric(result$yi)
    if (is.null(vi)) vi <- as.numeric(result$vi)
  }
  if (!is.null(correct)) options$correct <- correct
  names(inputs) <- sub("^(m|sd|n|x|t)([12])i$", "\\1\\2", names(inputs))
  cases[[length(cases) + 1]] <<- list(measure = measure, options = if (length(options)) options else setNames(list(), character()),
                                      inputs = inputs, yi = yi, vi = vi)
}

k <- 12
n1 <- round(runif(k, 8, 200)); n2 <- round(runif(k, 8, 200))
table <- list(ai = rbinom(k, n1 - 2, .3) + 1, ci = rbinom(k, n2 - 2, .5) + 1)
table <- list(ai = table$ai, bi = n1 - table$ai, ci = table$ci, di = n2 - table$ci)
zero <- lapply(table, function(x) replace(x, 1:2, c(0, 3)))
for (measure in c("YUQ", "YUY", "PBIT", "OR2D", "OR2DL", "OR2DN", "MPRD", "MPRR", "MPOR", "MPORC", "MPPETO")) {
  case(measure, table); case(measure, table, add = 0.25, to = "all")
}
case("PHI", table); case("PHI", table, vtype = "ST"); case("YUQ", list(ai = c(0, 4), bi = c(9, 5), ci = c(3, 6), di = c(7, 2)))

# RTET: the likelihood's maximum by uniroot and its Hessian by numDeriv; escalc's optimiser stops short of both
quadrant <- function(rho, h, k) pmvnorm(upper = c(h, k), corr = matrix(c(1, rho, rho, 1), 2), algorithm = TVPACK(1e-15))[1]
rtet <- sapply(seq_len(k), function(i) with(lapply(table, `[`, i), {
  n <- ai + bi + ci + di; h <- qnorm((ai + bi) / n); v <- qnorm((ai + ci) / n)
  rho <- uniroot(function(r) quadrant(r, h, v) - ai / n, c(-.99999, .99999), tol = 1e-15)$root
  minus <- function(p) { q <- quadrant(p[1], p[2], p[3]); a <- pnorm(p[2]); b <- pnorm(p[3])
    -(ai * log(q) + bi * log(a - q) + ci * log(b - q) + di * log(1 - a - b + q)) }
  c(rho, solve(hessian(minus, c(rho, h, v)))[1, 1]) }))
near <- escalc("RTET", ai = ai, bi = bi, ci = ci, di = di, data = as.data.frame(table))
stopifnot(max(abs(near$yi - rtet[1, ])) < 1e-3, max(abs(near$vi / rtet[2, ] - 1)) < 1e-2)
case("RTET", table, yi = rtet[1, ], vi = rtet[2, ])

one <- list(xi = table$ai, ni = n1)
case("PLN", one); case("PLN", one, vtype = "AV")
p <- table$ai / n1
case("PRZ", one, yi = qnorm(p), vi = p * (1 - p) / n1 / dnorm(qnorm(p))^2)  # delta method; in metafor from 4.8
rate <- list(xi = replace(rpois(k, 8), 1, 0), ti = runif(k, 5, 90))
for (measure in c("IR", "IRLN", "IRS", "IRFT")) { case(measure, rate); case(measure, rate, add = 0.25, to = "all") }
case("IRSD", list(x1i = rpois(k, 9), t1i = runif(k, 5, 90), x2i = rpois(k, 9), t2i = runif(k, 5, 90)))

m <- list(m1i = exp(rnorm(k)), sd1i = exp(rnorm(k)), n1i = n1, m2i = exp(rnorm(k)), sd2i = exp(rnorm(k)), n2i = n2)
without1 <- m[names(m) != "sd1i"]
for (measure in c("RBIS", "D2OR", "D2ORL", "D2ORN")) case(measure, m)
for (vtype in c("LS", "CS")) case("RPB", m, vtype = vtype)
for (vtype in c("LS", "LS2", "UB", "AV")) case("SMD1", without1, vtype = vtype)
J <- function(df) metafor:::.cmicalc(df)
with(m, {
  g1 <- J(n2i - 1) * (m1i - m2i) / sd2i
  case("SMD1H", m, vi = (sd1i^2 / sd2i^2) / (n1i - 1) + 1 / (n2i - 1) + g1^2 / (2 * (n2i - 1)))
  s <- sqrt((sd1i^2 + sd2i^2) / 2); d <- (m1i - m2i) / s; g <- J(n1i + n2i - 2) * d
  bonett <- function(y) y^2 * (sd1i^4 / (n1i - 1) + sd2i^4 / (n2i - 1)) / (8 * s^4) + (sd1i^2 / (n1i - 1) + sd2i^2 / (n2i - 1)) / s^2
  case("SMDH", m, vtype = "LS5", yi = g, vi = bonett(g))
  case("SMDH", m, yi = d, vi = bonett(d), correct = FALSE)
  v1 <- sd1i^2 / n1i / m1i^2; v2 <- sd2i^2 / n2i / m2i^2
  case("ROM", m, yi = log(m1i / m2i) + (v1 - v2) / 2, vi = v1 + v2 + (v1^2 + v2^2) / 2, correct = TRUE)
  case("CVR", m, yi = log(sd1i / m1i) - log(sd2i / m2i), correct = FALSE)
  case("VR", m[c("sd1i", "n1i", "sd2i", "n2i")], yi = log(sd1i / sd2i), correct = FALSE)
  dd <- (m1i - m2i) / sqrt(((n1i - 1) * sd1i^2 + (n2i - 1) * sd2i^2) / (n1i + n2i - 2))
  case("SMD", m, yi = dd, vi = 1 / n1i + 1 / n2i + dd^2 / (2 * (n1i + n2i)), correct = FALSE)
})
mean <- list(mi = m$m1i, sdi = m$sd1i, ni = n1)
for (measure in c("MNLN", "CVLN", "SMN")) case(measure, mean)
case("SDLN", mean[-1])
case("SDLN", mean[-1], yi = log(mean$sdi), correct = FALSE)
change <- list(m1i = m$m1i, m2i = m$m2i, sd1i = m$sd1i, sd2i = m$sd2i, ni = n1, ri = runif(k, -.9, .9))
case("CVRC", change); case("VRC", change[c("sd1i", "sd2i", "ni", "ri")])
with(change, { g <- J(ni - 1) * (m1i - m2i) / sd1i
  case("SMCRH", change, vtype = "LS5", yi = g, vi = (sd1i^2 + sd2i^2 - 2 * ri * sd1i * sd2i) / (sd1i^2 * (ni - 1)) + g^2 / (2 * (ni - 1)))
})

r <- list(ri = runif(k, -.95, .95), ni = c(5, 6, round(runif(k - 2, 7, 300))))
for (vtype in c("LS", "UB", "AV")) case("UCOR", r, vtype = vtype)
t <- list(ti = rnorm(k, 1, 2), mi = rep(c(1, 4, 7), 4), ni = round(runif(k, 40, 300)))
with(t, { y <- ti / sqrt(ti^2 + ni - mi - 1); bar <- weighted.mean(y, ni)
  case("PCOR", t, vi = (1 - y^2)^2 / (ni - mi)); case("PCOR", t, vtype = "AV", vi = (1 - bar^2)^2 / (ni - mi))
  case("ZPCOR", t, vi = 1 / (ni - mi - 2)) })
s <- c(t, list(r2i = runif(k, .2, .6)))
case("SPCOR", s); case("SPCOR", s, vtype = "AV")
for (vtype in c("LS", "AV")) { e <- escalc("SPCOR", ti = s$ti, mi = s$mi, ni = s$ni, r2i = s$r2i, vtype = vtype)
  case("ZSPCOR", s, vtype = vtype, yi = atanh(as.numeric(e$yi)), vi = as.numeric(e$vi / (1 - e$yi^2)^2)) }
alpha <- list(ai = runif(k, .1, .95), mi = rep(2:5, 3), ni = round(runif(k, 10, 300)))
for (measure in c("ARAW", "AHW", "ABT")) case(measure, alpha)
auc <- list(ai = runif(k, .2, .95), n1i = n1, n2i = n2)
with(auc, case("CLES", auc, yi = ai, vi = (ai * (1 - ai) + (n1i - 1) * (ai / (2 - ai) - ai^2) + (n2i - 1) * (2 * ai^2 / (1 + ai) - ai^2)) / (n1i * n2i)))
write(toJSON(cases, digits = NA, auto_unbox = TRUE, na = "null"), "tests/oracle/escalc_more.json")
cat(length(cases), "cases,", sum(sapply(cases, function(x) length(x$yi))), "rows\n")
