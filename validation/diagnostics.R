# Reference values of metafor for predictions, contrasts, model comparison, residuals and case diagnostics.
# Rscript validation/diagnostics.R   (from the repository root) writes tests/oracle/diagnostics.json
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
control <- list(threshold = 1e-11, maxiter = 2000, tol = 1e-14)

d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
yi <- as.numeric(d$yi); vi <- as.numeric(d$vi)
X <- model.matrix(~ ablat + alloc, data = d)
X <- matrix(X, nrow(X), dimnames = list(NULL, c("intrcpt", "ablat", "random", "systematic")))
new <- rbind(c(1, 20, 0, 1), c(1, 50, 1, 0))

frame <- function(x) lapply(as.list(as.data.frame(x)), unname)

case <- function(label, mods, method, test, weighted = TRUE) {
  call <- list(yi = yi, vi = vi, method = method, test = test, weighted = weighted, control = control)
  if (!is.null(mods)) call <- c(call, list(mods = mods, intercept = FALSE))
  fit <- suppressWarnings(do.call(rma, call))
  inf <- influence(fit)
  rs <- rstandard(fit)
  out <- list(label = label, method = method, test = test, weighted = weighted, moderators = !is.null(mods),
    influence = unclass(inf$inf)[1:8], dfbetas = unname(do.call(cbind, unclass(inf$dfbs)[seq_len(fit$p)])),
    flagged = unname(inf$is.infl), standardised = unname(rs$z), residual = unname(rs$resid))
  pdf(NULL); b <- baujat(fit); dev.off()
  out$baujat <- list(x = b$x, y = b$y)
  if (weighted) out$blup <- frame(as.data.frame(blup(fit))[, c("pred", "se", "pi.lb", "pi.ub")])
  if (is.null(mods)) {
    columns <- c("estimate", "se", "ci.lb", "ci.ub", "tau2", "I2", "Q", "QE")
    l <- as.data.frame(leave1out(fit)); out$leave_one_out <- frame(l[, intersect(columns, names(l))])
    cu <- as.data.frame(cumul(fit, order = d$year)); out$cumulative <- frame(cu[, intersect(columns, names(cu))])
  } else {
    p <- as.data.frame(predict(fit, newmods = new[, -1])); out$predict <- frame(p[, c("pred", "se", "ci.lb", "ci.ub", "pi.lb", "pi.ub")])
    a <- anova(fit, X = rbind(c(0, 0, 1, -1), c(1, 33, 0, 0)))
    out$contrast <- list(estimate = c(a$Xb), se = a$se, statistic = a$zval, p_value = a$pval, qm = a$QM, qm_p = a$QMp)
    out$vif <- if (weighted) sapply(vif(fit)$vif, function(v) if (is.list(v)) v$vif else v)
    ci <- confint(fit, type = "QP", control = list(tol = 1e-12))$random; out$qp <- unname(ci[, 2:3])
    if (method == "REML" && weighted) out$pl <- unname(confint(fit, type = "PL", control = list(tol = 1e-12))$random[, 2:3])
  }
  out
}

cases <- list(
  case("mean REML z", NULL, "REML", "z"), case("mean REML hksj", NULL, "REML", "knha"),
  case("mean DL adhoc", NULL, "DL", "adhoc"), case("mean EE z", NULL, "EE", "z"),
  case("mean unweighted REML t", NULL, "REML", "t", FALSE),
  case("moderators REML z", X, "REML", "z"), case("moderators ML hksj", X, "ML", "knha"),
  case("moderators PM adhoc", X, "PM", "adhoc"), case("moderators unweighted REML t", X, "REML", "t", FALSE))

full <- rma(yi, vi, mods = X, intercept = FALSE, method = "ML", control = control)
part <- rma(yi, vi, mods = X[, 1:2], intercept = FALSE, method = "ML", control = control)
lr <- anova(full, part)
re <- rma(yi, vi, method = "REML", control = control); ee <- rma(yi, vi, method = "EE")

# subgroups: tau2 of their own, then one for all
groups <- lapply(split(seq_along(yi), d$alloc), function(i) rma(yi[i], vi[i], method = "REML", control = control))
between <- rma(sapply(groups, coef), sei = sapply(groups, function(g) g$se), mods = ~ factor(names(groups)), method = "EE")
common <- rma(yi, vi, mods = ~ d$alloc, method = "REML", control = control)

set.seed(42)
small <- c(1, 4, 6, 8, 9, 11)
gosh_fit <- rma(yi[small], vi[small], method = "REML", control = control)
g <- gosh(gosh_fit, progbar = FALSE)$res
flip <- rma(yi[1:8], vi[1:8], method = "REML", control = control)
flips <- permutest(flip, exact = TRUE, progbar = FALSE)
lat <- d$ablat[small]
slope <- rma(yi[small], vi[small], mods = ~ lat, method = "DL", test = "knha")
slopes <- permutest(slope, exact = TRUE, progbar = FALSE)
arm <- c("a", "a", "b", "b", "b", "c")
factor_fit <- rma(yi[small], vi[small], mods = ~ arm, method = "REML", control = control)
factors <- permutest(factor_fit, exact = TRUE, progbar = FALSE)

out <- list(yi = yi, vi = vi, year = d$year, ablat = d$ablat, alloc = d$alloc, cases = cases,
  likelihood_ratio = list(statistic = lr$LRT, p_value = lr$pval),
  tau2_test = list(statistic = 2 * (re$fit.stats["ll", "REML"] - ee$fit.stats["ll", "REML"])),
  subgroups = list(estimate = unname(sapply(groups, coef)), q = between$QM, p = between$QMp,
                   common_q = common$QM, common_p = common$QMp, common_tau2 = common$tau2),
  gosh = list(studies = small, k = g$k, estimate = g$estimate, tau2 = g$tau2, i2 = g$I2, q = g$QE),
  flips = list(p_value = flips$pval, statistics = sort(unlist(flips$zval.perm))),
  slopes = list(p_value = slopes$pval, qm_p = slopes$QMp), factors = list(p_value = factors$pval, qm_p = factors$QMp, arm = arm))
write_json(out, "tests/oracle/diagnostics.json", digits = NA, auto_unbox = TRUE, na = "null", null = "null")
