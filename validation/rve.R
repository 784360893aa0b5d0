# Reference numbers for ev.rve and joint tests of contrasts: robumeta and clubSandwich on robumeta's data.
# Run from the root of the repository: Rscript validation/rve.R
suppressMessages({library(robumeta); library(clubSandwich); library(jsonlite)})
data(corrdat); data(hierdat)
one <- function(name, d, formula, python, weights, rho = 0.8) {
  f <- robu(formula, data = d, studynum = studyid, var.eff.size = var, modelweights = weights, rho = rho, small = TRUE)
  t <- f$reg_table
  out <- list(data = name, formula = python, weights = weights, rho = rho, beta = t$b.r, se = t$SE, df = t$dfs, p = t$prob,
    tau2 = c(f$mod_info$tau.sq), omega2 = c(f$mod_info$omega.sq))
  if (nrow(t) > 2) {
    C <- rbind(c(0, 1, -1, rep(0, nrow(t) - 3)), c(0, 0, 1, rep(0, nrow(t) - 3)))
    w <- Wald_test(f, constraints = C, vcov = "CR2", test = "HTZ")
    out$htz <- list(F = w$Fstat, df1 = w$df_num, df2 = w$df_denom, p = w$p_val)
  }
  out
}
cases <- list(
  one("corrdat", corrdat, effectsize ~ 1, NULL, "CORR"),
  one("corrdat", corrdat, effectsize ~ males + college + binge, "~ males + college + binge", "CORR"),
  one("corrdat", corrdat, effectsize ~ males + college + binge, "~ males + college + binge", "CORR", 0.3),
  one("hierdat", hierdat, effectsize ~ 1, NULL, "HIER"),
  one("hierdat", hierdat, effectsize ~ binge + followup + sreport + age, "~ binge + followup + sreport + age", "HIER"),
  one("hierdat", hierdat, effectsize ~ binge + followup, "~ binge + followup", "CORR"))
keep <- function(d) { d <- d[complete.cases(d), setdiff(names(d), "esid")]; names(d)[1:3] <- c("studyid", "yi", "vi"); as.list(d) }
write(toJSON(list(data = list(corrdat = keep(corrdat), hierdat = keep(hierdat)), cases = cases), digits = 14, auto_unbox = TRUE,
  null = "null"), "tests/oracle/rve.json")
