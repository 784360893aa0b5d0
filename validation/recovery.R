# Recovered statistics by base R and metafor -> tests/oracle/recovery.json
# Run from the root of the repository:  Rscript validation/recovery.R
suppressMessages({library(metafor); library(jsonlite)})
set.seed(20240502)
k <- 25

n <- c(2, 3, 5, round(exp(runif(k - 3, log(5), log(2000)))))
low <- rnorm(k, 0, 10); high <- low + exp(rnorm(k, 1, 2)); level <- sample(c(.8, .9, .95, .99), k, TRUE)
p <- c(1e-300, 1e-12, .9999, runif(k - 3)); estimate <- rnorm(k, 0, 20)
interval <- list(low = low, high = high, n = n, level = level,
                 se_z = (high - low) / (2 * qnorm(1 - (1 - level) / 2)),
                 se_t = (high - low) / (2 * qt(1 - (1 - level) / 2, n - 1)),
                 sd_t95 = sqrt(n) * (high - low) / (2 * qt(.975, n - 1)))
pvalue <- list(estimate = estimate, p = p, df = n,
               se_z = abs(estimate) / qnorm(p / 2, lower.tail = FALSE),
               se_t = abs(estimate) / qt(p / 2, n, lower.tail = FALSE))

n1 <- c(2, 2, 3, round(exp(runif(k - 3, log(3), log(800))))); n2 <- c(2, 5, 3, round(exp(runif(k - 3, log(3), log(800)))))
t <- rnorm(k, 0, 3)
p <- 2 * pt(-abs(t), n1 + n2 - 2)
smd <- escalc("SMD", ti = t, n1i = n1, n2i = n2)
smd <- list(t = t, p = p, n1 = n1, n2 = n2, yi = as.numeric(smd$yi), vi = as.numeric(smd$vi))

# escalc's OR2DL on tables without zero cells: the same conversion, and the log odds ratios it starts from
cells <- replicate(4, rpois(k, 12) + 1)
args <- list(ai = cells[, 1], bi = cells[, 2], ci = cells[, 3], di = cells[, 4])
or <- do.call(escalc, c("OR", args)); d <- do.call(escalc, c("OR2DL", args))
conversion <- list(log_or = as.numeric(or$yi), v = as.numeric(or$vi), yi = as.numeric(d$yi), vi = as.numeric(d$vi))

votes <- expand.grid(favouring = c(0, 1, 4, 11, 30), against = c(0, 1, 5, 12)); votes <- votes[rowSums(votes) > 0, ]
test <- lapply(seq_len(nrow(votes)), function(i) binom.test(votes$favouring[i], sum(votes[i, ]), conf.level = .9))
votes <- list(favouring = votes$favouring, against = votes$against, p_value = sapply(test, `[[`, "p.value"),
              ci_low = sapply(test, function(x) x$conf.int[1]), ci_high = sapply(test, function(x) x$conf.int[2]))

write(toJSON(list(interval = interval, pvalue = pvalue, smd = smd, conversion = conversion, votes = votes),
             digits = NA), "tests/oracle/recovery.json")
