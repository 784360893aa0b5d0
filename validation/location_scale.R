# Reference numbers for ev.regress(scale=...): metafor's location-scale models of published data.
# Run from the root of the repository: Rscript validation/location_scale.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

bangert <- as.data.frame(dat.bangertdrowns2004)
bangert$ni100 <- bangert$ni / 100
bangert <- bangert[complete.cases(bangert[c("yi", "vi", "ni100", "meta", "imag")]), c("yi", "vi", "ni100", "meta", "imag")]
bcg <- as.data.frame(escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg))
bcg <- data.frame(yi = as.vector(bcg$yi), vi = as.vector(bcg$vi), ablat = bcg$ablat / 10, alloc = as.character(bcg$alloc))
sets <- list(bangert = bangert, bcg = bcg)

one <- function(set, mods, scale, formula, spread, method = "REML", test = "z", link = "log") {
  f <- rma(yi, vi, mods = mods, scale = scale, data = sets[[set]], method = method, test = test, link = link,
    control = list(optimizer = "BFGS", reltol = 1e-14, maxit = 10000, hessianCtrl = list(r = 8)))
  list(set = set, formula = formula, scale = spread, method = method, test = test, link = link, beta = as.vector(f$beta),
    se = f$se, p = f$pval, alpha = as.vector(f$alpha), alpha_se = f$se.alpha, alpha_p = f$pval.alpha, qm = f$QM, qm_p = f$QMp,
    qs = f$QS, qs_p = f$QSp, tau2 = f$tau2, fit = as.vector(fitstats(f))[c(1, 3, 4, 5)])
}
cases <- list(
  one("bangert", ~ 1, ~ ni100, "~ 1", "~ ni100"),
  one("bangert", ~ ni100, ~ ni100, "~ ni100", "~ ni100"),
  one("bangert", ~ ni100, ~ ni100 + imag, "~ ni100", "~ ni100 + imag", "ML", "t"),
  one("bangert", ~ ni100, ~ ni100, "~ ni100", "~ ni100", "REML", "knha"),
  one("bcg", ~ ablat, ~ ablat, "~ ablat", "~ ablat", "ML"),
  one("bangert", ~ 1, ~ meta, "~ 1", "~ meta", link = "identity"))
write(toJSON(list(sets = lapply(sets, as.list), cases = cases), digits = 12, auto_unbox = TRUE, null = "null"),
  "tests/oracle/location_scale.json")
