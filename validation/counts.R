# Reference numbers for pooled counts: metafor's rma.mh, rma.peto and rma.glmm (lme4) on published data.
# Run from the root of the repository: Rscript validation/counts.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

bcg <- with(dat.bcg, data.frame(ai = tpos, bi = tneg, ci = cpos, di = cneg))
nielweise <- with(dat.nielweise2007, data.frame(ai = ai, bi = n1i - ai, ci = ci, di = n2i - ci))
collins <- with(subset(dat.collins1985a, !is.na(b.xti) & !is.na(b.xci)),
                data.frame(ai = b.xti, bi = nti - b.xti, ci = b.xci, di = nci - b.xci))
yusuf <- with(subset(dat.yusuf1985, table == "6" & !is.na(ai)), data.frame(ai = ai, bi = n1i - ai, ci = ci, di = n2i - ci))
lines <- with(dat.nielweise2008, data.frame(x1 = x1i, t1 = t1i, x2 = x2i, t2 = t2i))

common <- function(f) list(beta = as.vector(f$beta), se = f$se, z = f$zval, p = f$pval, ci_low = f$ci.lb, ci_high = f$ci.ub,
  q = f$QE, q_p = f$QEp, i2 = f$I2, h2 = f$H2, k = f$k, k_yi = f$k.yi, MH = f$MH, MHp = f$MHp, BD = f$BD, BDp = f$BDp,
  TA = f$TA, TAp = f$TAp)

mh <- function(d) lapply(c(OR = "OR", RR = "RR", RD = "RD"), function(m)
  common(suppressWarnings(rma.mh(measure = m, ai = ai, bi = bi, ci = ci, di = di, data = d))))
irr <- function(d) common(rma.mh(measure = "IRR", x1i = x1, t1i = t1, x2i = x2, t2i = t2, data = d))

# The exact conditional likelihood takes metafor minutes to hours where hundreds have the event: nielweise only.
glmm <- function(d) {
  out <- list()
  models <- c("UM.FS", "CM.AL", if (nrow(d) == 18) "CM.EL")
  for (model in models) for (method in c("ML", "EE")) {
    f <- suppressWarnings(rma.glmm(measure = "OR", ai = ai, bi = bi, ci = ci, di = di, data = d, model = model,
      method = method, nAGQ = if (method == "ML" && model != "CM.EL") 25 else 7,
      control = list(dnchgcalc = "dnoncenhypergeom",
                     glmerCtrl = list(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5)))))
    out[[paste(model, method)]] <- list(beta = as.vector(f$beta), se = f$se, p = f$pval, ci_low = f$ci.lb, ci_high = f$ci.ub,
      tau2 = f$tau2, tau2_se = f$se.tau2, i2 = f$I2, h2 = f$H2, wald = f$QE.Wld, wald_p = f$QEp.Wld, lrt = f$QE.LRT,
      lrt_p = f$QEp.LRT, df = f$QE.df, k = f$k, fit = as.vector(fitstats(f))[c(1, 3, 4, 5)])
  }
  out
}

data <- list(bcg = bcg, nielweise = nielweise, collins = collins, yusuf = yusuf)
result <- list()
for (name in names(data)) {
  d <- data[[name]]
  peto <- suppressWarnings(rma.peto(ai = ai, bi = bi, ci = ci, di = di, data = d))
  result[[name]] <- list(data = as.list(d), mh = mh(d), peto = common(peto), glmm = glmm(d))
}
result$lines <- list(data = as.list(lines), irr = irr(lines))
write(toJSON(result, digits = NA, auto_unbox = TRUE, null = "null"), "tests/oracle/counts.json")
