# Reference numbers for ev.multilevel(random=...): metafor::rma.mv with structures, crossed terms and known correlations,
# by its analyses of published data (the help pages of metadat's data sets).
# Run from the root of the repository: Rscript validation/random_effects.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

tight <- list(optimizer = "BFGS", reltol = 1e-15, maxit = 10000)
# Data sets, each written once.
sets <- list()

one <- function(name, set, V, random, terms, mods = NULL, formula = NULL, method = "REML", profile = FALSE,
                deleted = NULL, ...) {
  d <- sets[[set]]$data
  args <- list(yi = d$yi, V = V, random = random, data = d, method = method, test = "t", dfs = "contain",
               control = tight, sparse = FALSE, ...)
  if (!is.null(mods)) args$mods <- mods
  fit <- suppressWarnings(do.call(rma.mv, args))
  rs <- rstandard(fit)
  out <- list(name = name, set = set, terms = terms, formula = formula, method = method,
    beta = as.vector(fit$beta), se = fit$se, ddf = unname(fit$ddf), p = fit$pval,
    sigma2 = I(fit$sigma2), tau2 = I(fit$tau2), rho = I(fit$rho), q = fit$QE, fit = as.vector(fitstats(fit))[c(1, 3, 4, 5)],
    residual = as.vector(rs$resid), residual_se = as.vector(rs$se), hat = as.vector(hatvalues(fit)))
  if (profile) {
    ci <- confint(fit, control = list(tol = 1e-10))
    bounds <- function(x) if (!is.list(x)) NULL else if (!is.null(x$random)) list(unname(x$random[1, c("ci.lb", "ci.ub")])) else do.call(c, lapply(unname(x), bounds))
    out$profile <- bounds(ci)
  }
  if (!is.null(deleted)) {
    cluster <- d[[deleted]]
    out$deleted <- list(cluster = deleted, cook = as.vector(cooks.distance(fit, cluster = cluster)),
      dfbetas = as.matrix(dfbetas(fit, cluster = cluster)), names = as.character(unique(cluster)))
    together <- rstudent(fit, cluster = cluster)$cluster
    out$deleted$chi2 <- as.vector(together$X2)
    if (set == "schools") out$deleted$rstudent <- as.vector(rstudent(fit)$z)
  }
  out
}

plain <- function(d) { d <- as.data.frame(d); for (n in names(d)) if (is.factor(d[[n]])) d[[n]] <- as.character(d[[n]]); rownames(d) <- NULL; d }
blocks <- function(vcovs, trial) as.matrix(bldiag(lapply(split(vcovs, factor(trial, unique(trial))), as.matrix)))

# Berkey et al. (1998): two outcomes of five trials.
b <- plain(dat.berkey1998)
Vb <- blocks(b[, c("v1i", "v2i")], b$trial)
sets$berkey <- list(data = b[, c("trial", "author", "year", "outcome", "yi", "vi")], V = Vb)
# Ishak et al. (2007): up to four times; in long form, sampling errors with an autocorrelation of 0.97.
w <- dat.ishak2007
long <- reshape(as.data.frame(w), direction = "long", idvar = "study", v.names = c("yi", "vi"),
                varying = list(c(2, 4, 6, 8), c(3, 5, 7, 9)))
long <- long[order(match(long$study, w$study), long$time), ]
long <- long[!is.na(long$yi), c("study", "time", "yi", "vi")]
i <- plain(long)
Vi <- sqrt(outer(i$vi, i$vi)) * 0.97^abs(outer(i$time, i$time, "-")) * outer(i$study, i$study, "==")
sets$ishak <- list(data = i, autocorrelation = 0.97, unit = 1)
# Fine et al. (1993): four times.
g <- as.data.frame(dat.fine1993)
lf <- do.call(rbind, lapply(1:4, function(t) {
  x <- escalc("OR", ai = g[[paste0("e", t, "i")]], n1i = g$nei, ci = g[[paste0("c", t, "i")]], n2i = g$nci)
  data.frame(study = g$study, time = t * 6, yi = as.vector(x$yi), vi = as.vector(x$vi))
}))
lf <- lf[order(lf$study, lf$time), ]; lf <- plain(lf[!is.na(lf$yi), ])
Vf <- sqrt(outer(lf$vi, lf$vi)) * 0.8^(abs(outer(lf$time, lf$time, "-")) / 6) * outer(lf$study, lf$study, "==")
sets$fine <- list(data = lf, autocorrelation = 0.8, unit = 6)
# Konstantopoulos (2011): schools in districts, years across them.
k <- plain(dat.konstantopoulos2011)
k$year <- paste0("y", k$year); k$row <- seq_len(nrow(k))
sets$schools <- list(data = k[, c("district", "school", "year", "yi", "vi")])
# Species with a known correlation.
set.seed(4)
sp <- 14; A <- ape::vcv(ape::rcoal(sp, tip.label = letters[1:sp]), corr = TRUE)
A <- round(A, 6)
u <- drop(t(chol(A)) %*% rnorm(sp, 0, 0.6))
s <- data.frame(species = sample(letters[1:sp], 60, TRUE), study = sample(paste0("s", 1:20), 60, TRUE), vi = round(runif(60, 0.02, 0.2), 4))
s$yi <- round(0.2 + u[match(s$species, letters)] + rnorm(20, 0, 0.3)[as.integer(substring(s$study, 2))] + rnorm(60, 0, sqrt(s$vi)), 4)
s$phylo <- s$species
sets$species <- list(data = s, R = list(names = rownames(A), values = unname(A)))

term <- function(effect, within = NULL, structure = NULL, ...) c(list(effect = effect, within = within, structure = structure), list(...))
cases <- list(
  one("berkey UN", "berkey", Vb, ~ outcome | trial, list(term("outcome", "trial", "UN")), ~ outcome - 1, "~ 0 + outcome", struct = "UN", profile = TRUE, deleted = "trial"),
  one("berkey UN ML", "berkey", Vb, ~ outcome | trial, list(term("outcome", "trial", "UN")), ~ outcome - 1, "~ 0 + outcome", "ML", struct = "UN"),
  one("berkey UN year", "berkey", Vb, ~ outcome | trial, list(term("outcome", "trial", "UN")), ~ outcome + outcome:I(year - 1983) - 1, "~ 0 + outcome + outcome:I(year - 1983)", "ML", struct = "UN"),
  one("berkey CS", "berkey", Vb, ~ outcome | trial, list(term("outcome", "trial", "CS")), ~ outcome - 1, "~ 0 + outcome", struct = "CS", profile = TRUE),
  one("berkey DIAG", "berkey", Vb, ~ outcome | trial, list(term("outcome", "trial", "DIAG")), ~ outcome - 1, "~ 0 + outcome", struct = "DIAG"),
  one("berkey rho fixed", "berkey", Vb, ~ outcome | trial, list(term("outcome", "trial", "UN", rho = 0.3)), ~ outcome - 1, "~ 0 + outcome", struct = "UN", rho = 0.3),
  one("ishak HAR", "ishak", Vi, ~ time | study, list(term("time", "study", "HAR")), ~ factor(time) - 1, "~ 0 + C(time)", struct = "HAR"),
  one("ishak AR", "ishak", Vi, ~ time | study, list(term("time", "study", "AR")), ~ factor(time) - 1, "~ 0 + C(time)", struct = "AR", deleted = "study"),
  one("ishak UN", "ishak", Vi, ~ time | study, list(term("time", "study", "UN")), ~ factor(time) - 1, "~ 0 + C(time)", struct = "UN"),
  one("ishak CAR", "ishak", Vi, ~ time | study, list(term("time", "study", "CAR")), ~ factor(time) - 1, "~ 0 + C(time)", struct = "CAR"),
  one("ishak HCS", "ishak", Vi, ~ time | study, list(term("time", "study", "HCS")), ~ factor(time) - 1, "~ 0 + C(time)", struct = "HCS"),
  one("fine CAR", "fine", Vf, ~ time | study, list(term("time", "study", "CAR")), ~ time, "~ time", struct = "CAR", profile = TRUE),
  one("fine AR ML", "fine", Vf, ~ time | study, list(term("time", "study", "AR")), ~ factor(time) - 1, "~ 0 + C(time)", "ML", struct = "AR"),
  one("schools CS", "schools", diag(k$vi), ~ school | district, list(term("school", "district", "CS")), struct = "CS", profile = TRUE, deleted = "district"),
  one("schools and years", "schools", diag(k$vi), list(~ 1 | year, ~ 1 | district / school), list(term("year"), term("district"), term("school", "district", "ID")), profile = TRUE),
  one("schools fixed", "schools", diag(k$vi), list(~ 1 | year, ~ 1 | district / school), list(term("year", tau2 = 0.01), term("district"), term("school", "district", "ID")), sigma2 = c(0.01, NA, NA)),
  one("species", "species", diag(s$vi), list(~ 1 | study, ~ 1 | phylo), list(term("study"), term("phylo", R = TRUE)), R = list(phylo = A), profile = TRUE),
  one("two structures", "ishak", Vi, list(~ 1 | study, ~ time | study), list(term("study"), term("time", "study", "DIAG")), struct = "DIAG")
)
write(toJSON(list(sets = lapply(sets, function(x) { x$data <- as.list(x$data); x }), cases = cases), digits = 12, auto_unbox = TRUE, null = "null", na = "null", matrix = "rowmajor"), "tests/oracle/random_effects.json")
for (x in cases) cat(x$name, ":", round(x$beta, 4), "|", signif(x$sigma2, 5), "|", signif(x$tau2, 5), "|", signif(x$rho, 5), "| ll", x$fit[1], "ddf", x$ddf, "\n")
