# Reference analyses of published data that ship with metadat, fitted by metafor.
# Rscript validation/published.R   (from the repository root) writes tests/oracle/published.json
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
control <- list(threshold = 1e-11, maxiter = 2000, tol = 1e-14)

sets <- list(
  bcg = escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg),
  bangertdrowns2004 = dat.bangertdrowns2004,
  raudenbush1985 = dat.raudenbush1985,
  normand1999 = escalc(measure = "MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999),
  molloy2014 = escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.molloy2014),
  mcdaniel1994 = escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.mcdaniel1994),
  hackshaw1998 = dat.hackshaw1998,
  hart1999 = escalc(measure = "IRR", x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = dat.hart1999),
  li2007 = escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.li2007),
  nielweise2007 = escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007),
  nielweise2008 = escalc(measure = "IRR", x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = dat.nielweise2008),
  yusuf1985 = escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = subset(dat.yusuf1985, table == "6")),
  linde2005 = escalc(measure = "RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.linde2005),
  hine1989 = escalc(measure = "RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.hine1989),
  cohen1981 = escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.cohen1981),
  collins1985a = escalc(measure = "OR", ai = b.xti, n1i = nti, ci = b.xci, n2i = nci, data = dat.collins1985a),
  egger2001 = escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.egger2001),
  pritz1997 = escalc(measure = "PFT", xi = xi, ni = ni, data = dat.pritz1997),
  debruin2009 = escalc(measure = "PLO", xi = xi, ni = ni, data = dat.debruin2009),
  baskerville2012 = transform(dat.baskerville2012, yi = smd, vi = se^2),
  gibson2002 = escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.gibson2002),
  curtis1998 = escalc(measure = "ROM", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.curtis1998),
  viechtbauer2021 = escalc(measure = "OR", ai = xTi, n1i = nTi, ci = xCi, n2i = nCi, data = dat.viechtbauer2021),
  lopez2019 = try(dat.lopez2019, silent = TRUE)
)
usable <- function(d) is.data.frame(d) && all(c("yi", "vi") %in% names(d)) && sum(!is.na(d$yi) & !is.na(d$vi)) > 2
sets <- Filter(usable, sets)

run <- function(name) {
  d <- sets[[name]]
  keep <- !is.na(d$yi) & !is.na(d$vi)
  yi <- as.numeric(d$yi[keep]); vi <- as.numeric(d$vi[keep])
  fits <- lapply(c("REML", "ML", "DL", "PM"), function(method) {
    fit <- try(suppressWarnings(rma(yi, vi, method = method, test = "knha", control = control)), silent = TRUE)
    if (inherits(fit, "try-error")) return(NULL)
    pi <- predict(fit)
    big <- list(tol = 1e-12, tau2.max = max(100, 1000 * fit$tau2))
    qp <- suppressWarnings(confint(fit, type = "QP", control = big)$random)
    pl <- if (method %in% c("REML", "ML")) try(suppressWarnings(confint(fit, type = "PL", control = big)$random), silent = TRUE)
    list(method = method, estimate = c(fit$beta), se = fit$se, ci_low = fit$ci.lb, ci_high = fit$ci.ub, p_value = fit$pval,
         tau2 = fit$tau2, tau2_se = fit$se.tau2, i2 = fit$I2, h2 = fit$H2, q = fit$QE, q_p = fit$QEp,
         pi_low = pi$pi.lb, pi_high = pi$pi.ub, qp = unname(qp[, 2:3]), pl = if (is.matrix(pl)) unname(pl[, 2:3]))
  })
  list(name = name, yi = yi, vi = vi, fits = Filter(Negate(is.null), fits))
}
out <- lapply(names(sets), run)
cat(length(out), "data sets\n")
write_json(out, "tests/oracle/published.json", digits = NA, auto_unbox = TRUE, na = "null", null = "null")
