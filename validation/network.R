# Reference numbers for ev.network: metafor::rma.mv with treatment dummies, and one matrix per step by hand.
# netmeta is not packaged for this R; its decomposition of Q, its P-scores and its back-calculated node splits are
# computed here from rma.mv fits and from the definitions in the papers, by another route than ours.
# Run from the root of the repository: Rscript validation/network.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

tight <- list(optimizer = "BFGS", reltol = 1e-15, maxit = 10000)

# arm effects mi with variances si2 (independent arms) -> all pairwise contrasts, or only those against the first arm
pairwise <- function(study, treatment, mi, si2) {
  out <- list()
  for (s in unique(study)) {
    i <- which(study == s); i <- i[order(treatment[i], method = "radix")]
    pairs <- combn(i, 2)
    out[[length(out) + 1]] <- data.frame(study = as.character(s), treatment1 = treatment[pairs[1, ]],
      treatment2 = treatment[pairs[2, ]], yi = mi[pairs[1, ]] - mi[pairs[2, ]], vi = si2[pairs[1, ]] + si2[pairs[2, ]])
  }
  do.call(rbind, out)
}

# contrast a - b of one trial, or its variance
look <- function(e, a, b, what) {
  if (a == b) return(0)
  i <- which(e$treatment1 == a & e$treatment2 == b)
  if (length(i)) return(e[[what]][i])
  i <- which(e$treatment1 == b & e$treatment2 == a)
  if (what == "yi") -e$yi[i] else e$vi[i]
}

arms_of <- function(e) sort(unique(c(e$treatment1, e$treatment2)), method = "radix")

# contrasts that add up: the mean over the ways in which a trial's printed numbers give each (they differ by rounding)
averaged <- function(d) {
  for (s in unique(d$study)) {
    e <- d[d$study == s, ]
    arms <- arms_of(e)
    effect <- sapply(arms, function(a) mean(sapply(arms, function(b) look(e, a, b, "yi"))))
    d$yi[d$study == s] <- effect[e$treatment1] - effect[e$treatment2]
  }
  d
}

# the contrasts against the first arm of each trial with their covariance, from all pairs of a trial
basics <- function(d) {
  rows <- list(); blocks <- list()
  for (s in unique(d$study)) {
    e <- d[d$study == s, ]
    arms <- arms_of(e)
    base <- arms[1]; rest <- arms[-1]
    V <- matrix(0, length(rest), length(rest))
    for (a in seq_along(rest)) for (b in seq_along(rest))
      V[a, b] <- if (a == b) look(e, rest[a], base, "vi") else
        (look(e, rest[a], base, "vi") + look(e, rest[b], base, "vi") - look(e, rest[a], rest[b], "vi")) / 2
    rows[[length(rows) + 1]] <- data.frame(study = s, arm = rest, base = base, design = paste(arms, collapse = " : "),
      yi = sapply(rest, function(a) look(e, a, base, "yi")))
    blocks[[length(blocks) + 1]] <- V
  }
  b <- do.call(rbind, rows); rownames(b) <- NULL
  list(rows = b, V = as.matrix(bldiag(blocks)))
}

contrast_matrix <- function(b, treatments, reference) {
  X <- sapply(treatments, function(t) (b$arm == t) - (b$base == t))
  X[, treatments != reference, drop = FALSE]
}

fit_mv <- function(b, V, X, method) {
  b$contrast <- paste(b$arm, b$base)
  if (method == "EE") return(rma.mv(yi, V, mods = X, intercept = FALSE, data = b))
  rma.mv(yi, V, mods = X, intercept = FALSE, random = ~ contrast | study, struct = "CS", rho = 0.5, data = b,
    method = method, control = tight)
}

moments <- function(b, V, X) {  # DerSimonian-Laird for a network, Jackson, White & Riley (2012)
  H <- outer(b$study, b$study, "==") * 0.5 + diag(0.5, nrow(b))
  W <- solve(V)
  P <- W - W %*% X %*% solve(t(X) %*% W %*% X, t(X) %*% W)
  max(0, (drop(t(b$yi) %*% P %*% b$yi) - nrow(X) + ncol(X)) / sum(diag(P %*% H)))
}

one <- function(name, given, reference) {
  d <- averaged(given)
  made <- basics(d); b <- made$rows; V <- made$V
  treatments <- arms_of(d)
  X <- contrast_matrix(b, treatments, reference)
  names <- setdiff(treatments, reference)
  fits <- lapply(c(REML = "REML", ML = "ML", EE = "EE"), function(method) {
    f <- fit_mv(b, V, X, method)
    list(beta = as.vector(f$beta), se = f$se, p = f$pval, low = f$ci.lb, high = f$ci.ub, tau2 = f$tau2[1], q = f$QE,
      q_p = f$QEp, vcov = unname(vcov(f)), k = f$k)
  })
  fits$EE$tau2 <- 0
  # each design with effects of its own
  key <- paste(b$design, b$arm)
  Z <- sapply(unique(key), function(u) as.numeric(key == u))
  within <- rma.mv(yi, V, mods = Z, intercept = FALSE, data = b)
  interaction <- lapply(c("REML", "ML"), function(method) {
    full <- if (nrow(Z) > ncol(Z)) fit_mv(b, V, Z, method)$tau2[1] else 0
    W <- solve(V + full * (outer(b$study, b$study, "==") * 0.5 + diag(0.5, nrow(b))))
    # Wald test that the extra columns of the free model are zero: X plus a complement of it in the span of Z
    extra <- qr.resid(qr(X), Z)
    s <- svd(extra); r <- sum(s$d > 1e-8)
    M <- cbind(X, s$u[, seq_len(r), drop = FALSE])
    C <- solve(t(M) %*% W %*% M)
    beta <- C %*% t(M) %*% W %*% b$yi
    i <- ncol(X) + seq_len(r)
    stat <- if (r) drop(t(beta[i]) %*% solve(C[i, i]) %*% beta[i]) else 0
    list(method = method, tau2 = full, statistic = stat, df = r)
  })
  # direct and indirect evidence at the REML tau2: the direct estimate by rma.mv on the rows of the pair; where all
  # those rows come from two-arm trials, the indirect estimate by rma.mv on the network without them
  tau2 <- fits$REML$tau2
  size <- sapply(d$study, function(s) length(unique(c(d$treatment1[d$study == s], d$treatment2[d$study == s]))))
  splits <- list()
  pairs <- unique(t(apply(d[c("treatment1", "treatment2")], 1, sort, method = "radix")))
  for (i in seq_len(nrow(pairs))) {
    a <- pairs[i, 1]; z <- pairs[i, 2]
    here <- (d$treatment1 == a & d$treatment2 == z) | (d$treatment1 == z & d$treatment2 == a)
    sign <- ifelse(d$treatment1[here] == a, 1, -1)
    direct <- rma.uni(sign * d$yi[here], d$vi[here], tau2 = tau2)
    indirect <- c(NA, NA)
    if (all(size[here] == 2)) {
      rest <- d[!here, ]
      out <- basics(rest); Xr <- contrast_matrix(out$rows, treatments, z)
      if (qr(Xr)$rank == ncol(Xr)) {
        H <- outer(out$rows$study, out$rows$study, "==") * 0.5 + diag(0.5, nrow(out$rows))
        f <- rma.mv(out$rows$yi, out$V + tau2 * H, mods = Xr, intercept = FALSE)
        at <- which(setdiff(treatments, z) == a)
        indirect <- c(f$beta[at], f$se[at])
      }
    }
    splits[[i]] <- list(treatment1 = a, treatment2 = z, k = sum(here), direct = as.vector(direct$beta), direct_se = direct$se,
      indirect = indirect[1], indirect_se = indirect[2])
  }
  # P-scores from every pair's own contrast of the REML fit
  effects <- rep(0, length(treatments)); effects[treatments != reference] <- fits$REML$beta
  S <- matrix(0, length(treatments), length(treatments)); S[treatments != reference, treatments != reference] <- fits$REML$vcov
  score <- sapply(seq_along(treatments), function(i) mean(sapply(setdiff(seq_along(treatments), i), function(j)
    pnorm((effects[i] - effects[j]) / sqrt(S[i, i] + S[j, j] - 2 * S[i, j])))))
  list(name = name, reference = reference, data = as.list(given), treatments = treatments, fits = fits, tau2_dl = moments(b, V, X),
    q_within = within$QE, df_within = nrow(Z) - ncol(Z), df_total = nrow(X) - ncol(X), designs = ncol(Z) - ncol(X),
    interaction = interaction, splits = splits, p_score = score)
}

senn <- dat.senn2013
senn <- pairwise(senn$study, senn$treatment, senn$mi, senn$sdi^2 / senn$ni)

smoking <- dat.hasselblad1998
x <- smoking$xi + 0.5; y <- smoking$ni - smoking$xi + 0.5
smoking <- pairwise(smoking$study, smoking$trt, log(x / y), 1 / x + 1 / y)

linde <- dat.linde2016
linde <- data.frame(study = as.character(linde$id), treatment1 = linde$treat1, treatment2 = linde$treat2, yi = linde$lnOR,
  vi = linde$selnOR^2)
linde <- linde[complete.cases(linde), ]

copd <- dat.woods2010
x <- copd$r + 0.5; y <- copd$N - copd$r + 0.5
copd <- pairwise(copd$author, copd$treatment, log(x / y), 1 / x + 1 / y)

set.seed(3)
arms <- do.call(rbind, lapply(1:14, function(s) {
  n <- c(2, 2, 3, 4)[s %% 4 + 1]
  data.frame(study = s, treatment = sample(c("a", "b", "c", "d", "e"), n), u = rnorm(n, 0, 0.3))
}))
v <- runif(nrow(arms), 0.01, 0.1)
truth <- c(a = 0, b = 0.3, c = 0.1, d = 0.5, e = 0.2)
made <- pairwise(arms$study, arms$treatment, unname(truth[arms$treatment]) + arms$u + rnorm(nrow(arms), 0, sqrt(v)), v)

out <- list(one("senn2013", senn, "placebo"), one("hasselblad1998", smoking, "no_contact"), one("linde2016", linde, "Placebo"),
  one("woods2010", copd, "Placebo"), one("random", made, "a"))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "tests/oracle/network.json")
