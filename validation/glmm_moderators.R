# Reference numbers for ev.glmm(formula=...): metafor's rma.glmm (lme4) with moderators.
# Run from the root of the repository: Rscript validation/glmm_moderators.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

bcg <- with(dat.bcg, data.frame(ai = tpos, bi = tneg, ci = cpos, di = cneg, latitude = ablat / 10, alloc = as.character(alloc)))
nielweise <- with(dat.nielweise2007, data.frame(ai = ai, bi = n1i - ai, ci = ci, di = n2i - ci, size = log((n1i + n2i) / 200)))

one <- function(name, d, mods, formula, model, method = "ML") {
  f <- suppressWarnings(rma.glmm(measure = "OR", ai = ai, bi = bi, ci = ci, di = di, data = d, mods = mods, model = model,
    method = method, nAGQ = if (method == "ML" && model != "CM.EL") 25 else 7,
    control = list(dnchgcalc = "dnoncenhypergeom",
                   glmerCtrl = list(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5)))))
  list(data = name, formula = formula, model = model, method = method, beta = as.vector(f$beta), se = f$se, p = f$pval,
    tau2 = f$tau2, qm = f$QM, qm_p = f$QMp, wald = f$QE.Wld, lrt = f$QE.LRT, df = f$QE.df, k = f$k, fit = as.vector(fitstats(f))[1])
}
cases <- list(
  one("bcg", bcg, ~ latitude, "~ latitude", "UM.FS"), one("bcg", bcg, ~ latitude, "~ latitude", "CM.AL"),
  one("bcg", bcg, ~ latitude + alloc, "~ latitude + alloc", "UM.FS"),
  one("bcg", bcg, ~ latitude, "~ latitude", "UM.FS", "EE"), one("bcg", bcg, ~ latitude, "~ latitude", "CM.AL", "EE"),
  one("nielweise", nielweise, ~ size, "~ size", "UM.FS"), one("nielweise", nielweise, ~ size, "~ size", "CM.AL"),
  one("nielweise", nielweise, ~ size, "~ size", "CM.EL"), one("nielweise", nielweise, ~ size, "~ size", "CM.EL", "EE"))
write(toJSON(list(data = list(bcg = as.list(bcg), nielweise = as.list(nielweise)), cases = cases), digits = 12,
  auto_unbox = TRUE, null = "null"), "tests/oracle/glmm_moderators.json")
