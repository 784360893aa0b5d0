# Effect sizes of every measure by metafor's escalc -> tests/oracle/escalc.json
# Run from the root of the repository:  Rscript validation/escalc.R
suppressMessages({library(metafor); library(jsonlite)})
stopifnot(packageVersion("metafor") == "3.8.1")
set.seed(20240501)

cases <- list()
# One case: `inputs` by escalc's argument names; stored under the names of ev.effect_size (m1i -> m1 and so on).
case <- function(measure, inputs, ...) {
  options <- list(...)
  result <- suppressWarnings(do.call(escalc, c(list(measure = measure), inputs, options)))
  names(inputs) <- sub("^(m|sd|n|x|t)([12])i$", "\\1\\2", names(inputs))
  cases[[length(cases) + 1]] <<- list(measure = measure, options = if (length(options)) options else setNames(list(), character()),
                                      inputs = inputs, yi = as.numeric(result$yi), vi = as.numeric(result$vi))
}

k <- 40
sizes <- function(k, max = 3000) c(2, 2, 3, 4, round(exp(runif(k - 4, log(2), log(max)))))
spread <- function(k) c(1e-6, 1e6, exp(runif(k - 2, log(0.05), log(50))))
groups <- list(m1i = c(0, 1e7, -1e4, rnorm(k - 3, 20, 30)), sd1i = spread(k), n1i = sizes(k),
               m2i = c(0, -1e7, -1e-4, rnorm(k - 3, 15, 30)), sd2i = rev(spread(k)), n2i = sample(sizes(k)))
small <- modifyList(groups, list(n1i = sizes(k, 60), n2i = sample(sizes(k, 60))))
positive <- modifyList(groups, list(m1i = exp(rnorm(k, 2, 3)), m2i = exp(rnorm(k, 2, 3))))
negative <- modifyList(positive, list(m1i = -positive$m1i, m2i = -positive$m2i))
for (vtype in c("LS", "HO")) case("MD", groups, vtype = vtype)
for (vtype in c("LS", "LS2", "UB", "AV")) case("SMD", if (vtype == "UB") small else groups, vtype = vtype)
case("SMDH", groups)
for (vtype in c("LS", "HO", "AV", "AVHO")) case("ROM", positive, vtype = vtype)
case("ROM", negative)
case("VR", groups[c("sd1i", "n1i", "sd2i", "n2i")])
case("CVR", positive)

n1 <- c(10, 10, 10, 1, 2, 8, sizes(k - 6)); n2 <- c(10, 12, 9, 1, 2, 8, sizes(k - 6))
table <- list(ai = c(0, 0, 10, 0, 2, 4, rbinom(k - 6, n1[-(1:6)], rbeta(k - 6, .5, 1))),
              ci = c(0, 3, 9, 1, 0, 4, rbinom(k - 6, n2[-(1:6)], rbeta(k - 6, .5, 1))))
table <- list(ai = table$ai, bi = n1 - table$ai, ci = table$ci, di = n2 - table$ci)
full <- lapply(table, function(x) x + 1)
for (measure in c("RR", "OR", "RD", "AS", "PETO")) {
  case(measure, table)
  case(measure, table, add = 0.25, to = "all")
  case(measure, table, add = 1, to = "only0")
  case(measure, table, add = 0.5, to = "if0all")
  case(measure, full, add = 0.5, to = "if0all")
  case(measure, full, to = "none")
  case(measure, table, drop00 = TRUE)
  case(measure, list(ai = c(0, 5, 3), bi = c(9, 4, 7), ci = c(0, 2, 5), di = c(8, 6, 4)), drop00 = TRUE, to = "if0all")
}
case("RD", full, vtype = "UB"); case("RD", table, vtype = "AV"); case("RD", table, vtype = "AV", drop00 = TRUE)
case("RR", list(ai = table$ai, ci = table$ci, n1i = n1, n2i = n2))

change <- list(m1i = rnorm(k, 20, 30), m2i = rnorm(k, 15, 30), sd1i = spread(k), sd2i = spread(k),
               ni = pmax(3, sizes(k)), ri = c(0, .999, -.999, runif(k - 3, -1, 1)))
for (measure in c("MC", "SMCC", "SMCR", "SMCRH")) case(measure, change)
for (measure in c("SMCC", "SMCR")) case(measure, change, vtype = "LS2")
case("ROMC", modifyList(change, list(m1i = positive$m1i, m2i = positive$m2i)))

case("MN", list(mi = groups$m1i, sdi = groups$sd1i, ni = groups$n1i))
events <- list(xi = table$ai, ni = n1)
for (measure in c("PR", "PLO", "PAS", "PFT")) {
  case(measure, events)
  case(measure, events, add = 0.25, to = "all")
  case(measure, events, add = 1, to = "if0all")
  case(measure, list(xi = full$ai, mi = full$bi), to = "none")
}
case("PR", list(xi = full$ai, ni = n1 + 2), vtype = "UB"); case("PR", events, vtype = "AV"); case("PLO", events, vtype = "AV")

r <- list(ri = c(0, .9999, -.9999, runif(k - 3, -1, 1)), ni = pmax(4, sizes(k)))
for (vtype in c("LS", "AV")) case("COR", r, vtype = vtype)
case("ZCOR", r)

rates <- list(x1i = c(0, 0, 3, rpois(k - 3, 8)), t1i = spread(k), x2i = c(0, 2, 0, rpois(k - 3, 5)), t2i = rev(spread(k)))
for (measure in c("IRR", "IRD")) {
  case(measure, rates)
  case(measure, rates, add = 0.25, to = "all")
  case(measure, rates, to = "if0all")
  case(measure, rates, drop00 = TRUE)
}
write(toJSON(cases, digits = NA, auto_unbox = TRUE, na = "null"), "tests/oracle/escalc.json")
cat(length(cases), "cases,", sum(sapply(cases, function(x) length(x$yi))), "rows\n")
