# Reference numbers for ev.network_events. Mantel-Haenszel: what netmeta prints of netmetabin() on two data sets of metadat
# (wviechtb.github.io/metadat, pages dat.dong2013 and dat.gurusamy2011), typed in here. Non-central hypergeometric: the
# likelihood of each design by listing every way in which a trial's events can fall on its arms, maximised by optim.
# Run from the root of the repository: Rscript validation/network_events.R
suppressMessages({library(metadat); library(jsonlite)})

ways <- function(n, total) {  # all counts of arms with sizes n that add up to total
  if (length(n) == 1) return(if (total <= n) matrix(total, 1, 1) else matrix(0, 0, 1))
  do.call(rbind, lapply(0:min(n[1], total), function(e) { rest <- ways(n[-1], total - e); if (nrow(rest)) cbind(e, rest) else NULL }))
}
design_fit <- function(events, people) {
  ll <- function(theta) -sum(sapply(seq_len(nrow(events)), function(s) {
    all <- ways(people[s, ], sum(events[s, ]))
    logs <- rowSums(sapply(seq_len(ncol(all)), function(j) lchoose(people[s, j], all[, j]) + c(0, theta)[j] * all[, j]))
    own <- sum(lchoose(people[s, ], events[s, ]) + c(0, theta) * events[s, ])
    own - max(logs) - log(sum(exp(logs - max(logs))))
  }))
  found <- optim(rep(0, ncol(events) - 1), ll, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000), hessian = FALSE)
  h <- 1e-4; p <- length(found$par); H <- matrix(0, p, p)
  for (i in seq_len(p)) for (j in seq_len(p)) {  # central differences, Richardson's extrapolation
    d <- function(h) { a <- b <- numeric(p); a[i] <- h; b[j] <- h
      (ll(found$par + a + b) - ll(found$par + a - b) - ll(found$par - a + b) + ll(found$par - a - b)) / (4 * h^2) }
    H[i, j] <- (4 * d(0.005) - d(0.01)) / 3
  }
  list(theta = found$par, V = solve(H))
}
network <- function(d, reference) {
  total <- tapply(d$events, d$study, sum); people <- tapply(d$n, d$study, sum)
  d <- d[d$study %in% names(total)[total > 0 & total < people], ]
  d$design <- ave(d$treatment, d$study, FUN = function(t) paste(sort(t, method = "radix"), collapse = " : "))
  sums <- aggregate(cbind(events, n) ~ design + treatment, d, sum)
  bad <- paste(sums$design, sums$treatment)[sums$events == 0 | sums$events == sums$n]
  d <- d[!(paste(d$design, d$treatment) %in% bad), ]
  y <- c(); X <- NULL; blocks <- list()
  treatments <- sort(unique(d$treatment), method = "radix")
  for (g in unique(d$design)) {
    e <- d[d$design == g, ]; arms <- sort(unique(e$treatment), method = "radix")
    if (length(arms) < 2) next
    pick <- function(what) t(sapply(unique(e$study), function(s) e[[what]][e$study == s][order(e$treatment[e$study == s], method = "radix")]))
    f <- design_fit(pick("events"), pick("n"))
    y <- c(y, f$theta); blocks[[length(blocks) + 1]] <- f$V
    X <- rbind(X, t(sapply(arms[-1], function(a) (treatments == a) - (treatments == arms[1]))))
  }
  V <- matrix(0, length(y), length(y)); i <- 0
  for (B in blocks) { k <- nrow(B); V[i + seq_len(k), i + seq_len(k)] <- B; i <- i + k }
  used <- treatments[colSums(abs(X)) > 0]
  X <- X[, match(setdiff(used, reference), treatments), drop = FALSE]
  W <- solve(V); C <- solve(t(X) %*% W %*% X); b <- C %*% t(X) %*% W %*% y; r <- y - X %*% b
  list(treatments = setdiff(used, reference), estimate = as.vector(b), se = sqrt(diag(C)), q = drop(t(r) %*% W %*% r), df = length(y) - ncol(X))
}
gurusamy <- with(dat.gurusamy2011, data.frame(study = study, treatment = treatment, events = death, n = n))
dong <- with(dat.dong2013, data.frame(study = as.character(id), treatment = treatment, events = death, n = randomized))
printed <- list(
  dong = list(k = 37, people = 50420, designs = 10, q = 8.35, df = 9, q_p = 0.4994, rows = list(
    ICS = c(1.03, 0.88, 1.21, 0.35, 0.7292), LABA = c(0.93, 0.79, 1.08, -0.96, 0.3363), "LABA-ICS" = c(0.79, 0.67, 0.94, -2.69, 0.0072),
    "TIO-HH" = c(0.92, 0.81, 1.05, -1.26, 0.2077), "TIO-SMI" = c(1.52, 1.05, 2.19, 2.24, 0.0251))),
  gurusamy = list(k = 10, people = 905, designs = 5, q = 1.88, df = 2, q_p = 0.3907, rows = list(
    Aprotonin = c(0.36, 0.13, 0.99, -1.97, 0.0488), EACA = c(0.74, 0.14, 3.89, -0.36, 0.7188),
    "Tranexamic acid" = c(0.77, 0.23, 2.61, -0.43, 0.6707), rFVIIa = c(1.54, 0.31, 7.53, 0.53, 0.5957))))
out <- list(list(name = "dong2013", reference = "Placebo", data = as.list(dong), printed = printed$dong, nch = NULL),
  list(name = "gurusamy2011", reference = "Control/Placebo", data = as.list(gurusamy), printed = printed$gurusamy,
    nch = network(gurusamy, "Control/Placebo")))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "tests/oracle/network_events.json")
