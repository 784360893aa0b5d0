# Reference numbers for cluster-robust tests of pooled fits and of models clustered more coarsely than they assume:
# clubSandwich on metafor fits. Run from the root of the repository: Rscript validation/robust.R
suppressMessages({library(metafor); library(metadat); library(clubSandwich); library(jsonlite)})

d <- as.data.frame(dat.assink2016)[c("study", "yi", "vi")]
d$row <- seq_len(nrow(d))
set.seed(3)
d$custom <- round(runif(nrow(d), 0.5, 3), 3)

tests <- function(fit) lapply(c(CR0 = "CR0", CR1 = "CR1", CR2 = "CR2"), function(kind) {
  table <- coef_test(fit, vcov = kind, cluster = d$study, test = "Satterthwaite")
  list(se = table$SE, df = table$df_Satt, p = table$p_Satt)
})

fits <- list(
  plain = rma(yi, vi, data = d, method = "REML", control = list(threshold = 1e-13, maxiter = 1000)),
  dl = rma(yi, vi, data = d, method = "DL", control = list(threshold = 1e-13, maxiter = 1000)),
  ee = rma(yi, vi, data = d, method = "EE", control = list(threshold = 1e-13, maxiter = 1000)),
  unweighted = rma(yi, vi, data = d, weighted = FALSE, control = list(threshold = 1e-13, maxiter = 1000)),
  custom = rma(yi, vi, data = d, weights = custom, control = list(threshold = 1e-13, maxiter = 1000)),
  moderator = rma(yi, vi, mods = ~ custom, data = d, control = list(threshold = 1e-13, maxiter = 1000)),
  row = rma.mv(yi, vi, random = ~ 1 | row, data = d, control = list(optimizer = "BFGS", reltol = 1e-14, maxit = 5000))
)
out <- lapply(fits, function(fit) list(beta = as.vector(coef(fit)), tests = tests(fit)))
write(toJSON(list(data = as.list(d), fits = out), digits = NA, auto_unbox = TRUE), "tests/oracle/robust.json")
