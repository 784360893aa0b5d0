# Seconds per fit of metafor for the jobs of against_metafor.py, one "job seconds" a line, each the best of several
# runs. Arguments: a file of one line a study, "yi vi x", and "elapsed" or "cpu", the clock to read.
suppressMessages(library(metafor))
d <- read.table(commandArgs(TRUE)[1], col.names = c("yi", "vi", "x"))
clock <- if (commandArgs(TRUE)[2] == "cpu") c("user.self", "sys.self") else "elapsed"
report <- function(job, fits, run, times = 5) {
  run()
  best <- min(replicate(times, sum(system.time(run())[clock])))
  cat(job, best / fits, "\n")
}
mean <- rma(yi, vi, data = d)
slope <- rma(yi, vi, mods = ~ x, data = d)
report("pool", 100, function() for (i in 1:100) rma(yi, vi, data = d))
report("permutation", 200, function() permutest(mean, exact = FALSE, iter = 200, progbar = FALSE))
report("permutation_x", 200, function() permutest(slope, exact = FALSE, iter = 200, progbar = FALSE))
report("gosh", 200, function() gosh(mean, subsets = 200, progbar = FALSE))
report("leave_one_out", 5, function() for (i in 1:5) leave1out(mean))
report("influence", 5, function() for (i in 1:5) influence(mean))
