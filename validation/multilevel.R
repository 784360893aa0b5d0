# Reference numbers for ev.multilevel and its robust tests: metafor::rma.mv and clubSandwich on published data.
# Run from the root of the repository: Rscript validation/multilevel.R
suppressMessages({library(metafor); library(metadat); library(clubSandwich); library(jsonlite)})

tight <- list(optimizer = "BFGS", reltol = 1e-14, maxit = 5000)

keep <- function(data, columns) {
  data <- as.data.frame(data)[columns]
  data <- data[complete.cases(data), ]
  for (name in columns) if (is.factor(data[[name]])) data[[name]] <- as.character(data[[name]])
  rownames(data) <- NULL
  data
}

robust <- function(fit, cluster, kind) {
  table <- coef_test(fit, vcov = kind, cluster = cluster, test = "Satterthwaite")
  out <- list(se = table$SE, df = table$df_Satt, p = table$p_Satt)
  p <- length(coef(fit))
  if (p > 1) {
    wald <- Wald_test(fit, constraints = constrain_zero(2:p), vcov = kind, cluster = cluster, test = "HTZ")
    out$htz <- list(F = wald$Fstat, df1 = wald$df_num, df2 = wald$df_denom, p = wald$p_val)
  }
  out
}

one <- function(name, data, levels, mods = NULL, rho = NULL, method = "REML", profile = FALSE, effects = FALSE) {
  columns <- unique(c("yi", "vi", setdiff(levels, "row"), all.vars(mods)))
  d <- keep(data, columns)
  d$row <- seq_len(nrow(d))
  cluster <- d[[levels[1]]]
  V <- if (is.null(rho)) diag(d$vi) else impute_covariance_matrix(d$vi, cluster = cluster, r = rho, return_list = FALSE)
  random <- as.formula(paste("~ 1 |", paste(levels, collapse = " / ")))
  args <- list(yi = d$yi, V = V, random = random, data = d, method = method, test = "t", dfs = "contain", control = tight)
  if (!is.null(mods)) args$mods <- mods
  fit <- do.call(rma.mv, args)
  M <- if (is.null(mods)) NULL else list(F = fit$QM, df = fit$QMdf, p = fit$QMp)
  W <- solve(V)
  X <- model.matrix(fit)
  P <- W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W
  s2 <- (fit$k - fit$p) / sum(diag(P))
  without <- lapply(seq_along(levels), function(i) {
    sigma2 <- rep(NA, length(levels)); sigma2[i] <- 0
    smaller <- do.call(rma.mv, c(args, list(sigma2 = sigma2)))
    a <- anova(fit, smaller)
    list(statistic = max(a$LRT, 0), p = a$pval)
  })
  out <- list(name = name, levels = levels, formula = if (is.null(mods)) NULL else deparse(mods), rho = rho, method = method,
    data = as.list(d[columns]), beta = as.vector(fit$beta), se = fit$se, statistic = fit$zval, ddf = unname(fit$ddf),
    p = fit$pval, ci_low = fit$ci.lb, ci_high = fit$ci.ub, sigma2 = fit$sigma2, q = fit$QE, q_p = fit$QEp,
    fit = as.vector(fitstats(fit))[c(1, 3, 4, 5)], qm = M, i2 = 100 * fit$sigma2 / (sum(fit$sigma2) + s2), without = without,
    robust = lapply(c(CR0 = "CR0", CR1 = "CR1", CR2 = "CR2"), function(kind) robust(fit, cluster, kind)))
  if (is.null(mods)) { pr <- predict(fit); out$predict <- c(pr$pi.lb, pr$pi.ub) }
  if (profile) {
    ci <- confint(fit, tol = 1e-10)
    if (length(levels) == 1) ci <- list(ci)
    out$profile <- lapply(ci[seq_along(levels)], function(x) unname(x$random[1, c("ci.lb", "ci.ub")]))
  }
  if (effects) {
    re <- ranef(fit)
    out$ranef <- lapply(unname(re), function(x) list(group = rownames(x), estimate = x$intrcpt, se = x$se, low = x$pi.lb, high = x$pi.ub))
  }
  out
}

# Made-up trials of unequal size: J trials, some with one row, true effects that differ by trial, sample and row.
random_trials <- function(seed, J, sds) {
  set.seed(seed)
  d <- data.frame(study = rep(seq_len(J), 1 + rpois(J, 2.5)))
  d$sample <- ave(d$study, d$study, FUN = function(s) sample(1:2, length(s), replace = TRUE))
  d$x <- round(rnorm(nrow(d)), 3)
  d$vi <- round(runif(nrow(d), 0.02, 0.3), 4)
  u <- rnorm(J, 0, sds[1])[d$study] + rnorm(2 * J, 0, sds[2])[2 * d$study - d$sample %% 2] + rnorm(nrow(d), 0, sds[3])
  d$yi <- round(0.3 + 0.2 * d$x + u + rnorm(nrow(d), 0, sqrt(d$vi)), 4)
  d
}

assink <- dat.assink2016
cases <- list(
  one("konstantopoulos", dat.konstantopoulos2011, c("district", "school"), profile = TRUE, effects = TRUE),
  one("konstantopoulos ML", dat.konstantopoulos2011, c("district", "school"), method = "ML", profile = TRUE),
  one("konstantopoulos year", dat.konstantopoulos2011, c("district", "school"), mods = ~ year, effects = TRUE),
  one("assink", assink, c("study", "row"), profile = TRUE, effects = TRUE),
  one("assink CHE", assink, c("study", "row"), rho = 0.6),
  one("assink moderators", assink, c("study", "row"), mods = ~ pubstatus + year + deltype, rho = 0.6),
  one("assink ML", assink, c("study", "row"), mods = ~ deltype, rho = 0.4, method = "ML"),
  one("assink study only", assink, "study", rho = 0.6, profile = TRUE),
  one("bornmann", escalc("OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, data = dat.bornmann2007), c("study", "row"),
      mods = ~ type, profile = TRUE),
  one("mccurdy", dat.mccurdy2020[seq(1, nrow(dat.mccurdy2020), by = 3), ], c("article", "experiment", "row"), rho = 0.6),
  one("random 1", random_trials(1, 15, c(0.4, 0, 0.2)), c("study", "row"), mods = ~ x, rho = 0.6),
  one("random 2", random_trials(2, 12, c(0, 0, 0.4)), c("study", "row"), rho = 0.8, effects = TRUE),
  one("random 3", random_trials(3, 20, c(0.3, 0.3, 0.2)), c("study", "sample", "row"), mods = ~ x, rho = 0.5),
  one("random 4", random_trials(4, 8, c(0.5, 0, 0)), c("study", "row"), rho = 0.3, method = "ML", profile = TRUE),
  one("knapp", dat.knapp2017, c("study", "row"), mods = ~ difficulty, rho = 0.6)
)
write(toJSON(cases, digits = NA, auto_unbox = TRUE, null = "null", na = "null"), "tests/oracle/multilevel.json")
