# Reference values of rpact (Debian: r-cran-rpact) for group-sequential boundaries by error spending.
# Looks stand apart: rpact 3.3 integrates on a fixed grid, which is too coarse for looks that add little.
# Rscript validation/sequential.R   (from the repository root) writes tests/oracle/sequential.json
suppressMessages({library(rpact); library(jsonlite)})
spending <- c("obrien-fleming" = "OF", "pocock" = "P", "kim-demets" = "KD")

case <- function(name, fractions, alpha, beta, rho = 1) {
  call <- list(informationRates = fractions, alpha = alpha / 2, beta = beta, bindingFutility = FALSE, tolerance = 1e-10,
    typeOfDesign = paste0("as", spending[[name]]), typeBetaSpending = paste0("bs", spending[[name]]))
  if (name == "kim-demets") call <- c(call, gammaA = rho, gammaB = rho)
  one <- do.call(getDesignGroupSequential, c(call, sided = 1))
  call$typeBetaSpending <- call$bindingFutility <- call$gammaB <- NULL
  two <- do.call(getDesignGroupSequential, modifyList(call, list(sided = 2, alpha = alpha)))
  list(spending = name, fractions = fractions, alpha = alpha, power = 1 - beta, rho = rho, two_sided = two$criticalValues,
    one_sided = one$criticalValues, futility = one$futilityBounds,
    inflation = getDesignCharacteristics(one)$inflationFactor)
}

cases <- list(
  case("obrien-fleming", (1:5) / 5, 0.05, 0.1),
  case("obrien-fleming", c(0.2, 0.5, 0.8, 1), 0.05, 0.1),
  case("obrien-fleming", c(0.25, 0.4, 0.65, 0.85, 1), 0.01, 0.2),
  case("pocock", (1:5) / 5, 0.05, 0.1),
  case("pocock", c(0.15, 0.6, 0.7, 1), 0.1, 0.2),
  case("kim-demets", (1:4) / 4, 0.05, 0.1),
  case("kim-demets", c(0.3, 0.5, 0.8, 1), 0.05, 0.2, rho = 1.5),
  case("kim-demets", c(0.1, 0.45, 0.5, 1), 0.05, 0.1, rho = 3))
write_json(cases, "tests/oracle/sequential.json", digits = 12, auto_unbox = TRUE)
