# Reference numbers for intervals of tau2 and for component networks, on the trials in tests/oracle/network.json.
# netmeta is not packaged for this R: profile likelihoods are those of metafor's confint.rma.mv, Q-profiles the root of
# y'Py with dense matrices, the additive model rma.mv with the columns X C.
# Run from the root of the repository, after network.R: Rscript validation/network_more.R
suppressMessages({library(metafor); library(jsonlite)})

cases <- fromJSON("tests/oracle/network.json", simplifyVector = FALSE)
tight <- list(optimizer = "BFGS", reltol = 1e-15, maxit = 10000)
look <- function(e, a, b, what) {
  if (a == b) return(0)
  i <- which(e$treatment1 == a & e$treatment2 == b)
  if (length(i)) return(e[[what]][i])
  i <- which(e$treatment1 == b & e$treatment2 == a)
  if (what == "yi") -e$yi[i] else e$vi[i]
}
arms_of <- function(e) sort(unique(c(e$treatment1, e$treatment2)), method = "radix")
averaged <- function(d) {
  for (s in unique(d$study)) {
    e <- d[d$study == s, ]; arms <- arms_of(e)
    effect <- sapply(arms, function(a) mean(sapply(arms, function(b) look(e, a, b, "yi"))))
    d$yi[d$study == s] <- effect[e$treatment1] - effect[e$treatment2]
  }
  d
}
basics <- function(d) {
  rows <- list(); blocks <- list()
  for (s in unique(d$study)) {
    e <- d[d$study == s, ]; arms <- arms_of(e); base <- arms[1]; rest <- arms[-1]
    V <- matrix(0, length(rest), length(rest))
    for (a in seq_along(rest)) for (b in seq_along(rest))
      V[a, b] <- if (a == b) look(e, rest[a], base, "vi") else
        (look(e, rest[a], base, "vi") + look(e, rest[b], base, "vi") - look(e, rest[a], rest[b], "vi")) / 2
    rows[[length(rows) + 1]] <- data.frame(study = s, arm = rest, base = base, yi = sapply(rest, function(a) look(e, a, base, "yi")))
    blocks[[length(blocks) + 1]] <- V
  }
  b <- do.call(rbind, rows); rownames(b) <- NULL
  list(rows = b, V = as.matrix(bldiag(blocks)))
}
ypy <- function(b, V, X, tau2) {
  W <- solve(V + tau2 * (outer(b$study, b$study, "==") * 0.5 + diag(0.5, nrow(b))))
  P <- W - W %*% X %*% solve(t(X) %*% W %*% X, t(X) %*% W)
  list(q = drop(t(b$yi) %*% P %*% b$yi), P = P)
}
fit_mv <- function(b, V, X, method) {
  b$contrast <- paste(b$arm, b$base)
  if (method == "EE") return(rma.mv(yi, V, mods = X, intercept = FALSE, data = b))
  rma.mv(yi, V, mods = X, intercept = FALSE, random = ~ contrast | study, struct = "CS", rho = 0.5, data = b, method = method,
    control = tight)
}
frame <- function(case) data.frame(study = as.character(unlist(case$data$study)), treatment1 = unlist(case$data$treatment1),
  treatment2 = unlist(case$data$treatment2), yi = unlist(case$data$yi), vi = unlist(case$data$vi))

intervals <- lapply(cases, function(case) {
  made <- basics(averaged(frame(case))); b <- made$rows; V <- made$V
  treatments <- unlist(case$treatments)
  X <- sapply(treatments, function(t) (b$arm == t) - (b$base == t))[, treatments != case$reference, drop = FALSE]
  df <- nrow(X) - ncol(X)
  qp <- sapply(c(0.975, 0.025), function(p) {
    f <- function(t) ypy(b, V, X, t)$q - qchisq(p, df)
    if (f(0) <= 0) 0 else uniroot(f, c(0, 1e4), tol = 1e-14)$root
  })
  pl <- lapply(c(REML = "REML", ML = "ML"), function(m)
    as.numeric(confint(fit_mv(b, V, X, m), tau2 = 1, verbose = FALSE, control = list(tol = 1e-12, maxiter = 5000))$random[1, 2:3]))
  list(name = case$name, qp = qp, pl = pl)
})

components <- function(name, d, inactive) {
  made <- basics(averaged(d)); b <- made$rows; V <- made$V
  treatments <- arms_of(d)
  parts <- lapply(treatments, function(t) if (t == inactive) character(0) else trimws(strsplit(t, "+", fixed = TRUE)[[1]]))
  single <- sort(unique(unlist(parts)), method = "radix")
  C <- t(sapply(parts, function(p) as.numeric(single %in% p)))
  X <- sapply(treatments, function(t) (b$arm == t) - (b$base == t))
  Z <- X %*% C
  p0 <- ypy(b, V, Z, 0)
  H <- outer(b$study, b$study, "==") * 0.5 + diag(0.5, nrow(b))
  dl <- max(0, (p0$q - nrow(Z) + ncol(Z)) / sum(diag(p0$P %*% H)))
  W <- solve(V + dl * H); cov <- solve(t(Z) %*% W %*% Z)
  fits <- lapply(c(REML = "REML", EE = "EE"), function(m) { f <- fit_mv(b, V, Z, m); list(beta = as.vector(f$beta), se = f$se, tau2 = f$tau2[1]) })
  # Q of a network in which every treatment is one of its own, in pieces or not
  s <- svd(X); K <- s$v[, s$d > 1e-9 * max(s$d), drop = FALSE]
  list(name = name, inactive = inactive, data = as.list(d), components = single, beta_dl = as.vector(cov %*% t(Z) %*% W %*% b$yi),
    se_dl = sqrt(diag(cov)), tau2_dl = dl, fits = fits, q = p0$q, q_df = nrow(Z) - ncol(Z), q_network = ypy(b, V, X %*% K, 0)$q,
    df_network = nrow(X) - ncol(K))
}
linde <- frame(cases[[3]])
linde <- linde[order(linde$study), ]
set.seed(5)
made <- do.call(rbind, lapply(list(c("a", "0"), c("b", "0"), c("a+b", "0"), c("a+b", "a"), c("a", "0"), c("b+c", "b"), c("c+d", "d"),
  c("a+d", "d"), c("c+d", "c"), c("a+d", "c+d")), function(p) data.frame(treatment1 = p[1], treatment2 = p[2])))
made <- cbind(study = sprintf("t%02d", seq_len(nrow(made))), made, yi = round(rnorm(nrow(made), 0.4, 0.4), 3), vi = round(runif(nrow(made), 0.02, 0.1), 3))
out <- list(intervals = intervals, components = list(components("linde2016", linde, "Placebo"), components("pieces", made, "0")))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "tests/oracle/network_more.json")
