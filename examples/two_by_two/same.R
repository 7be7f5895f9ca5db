# The same numbers in R, from the same table: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages(library(metafor))
dat <- read.csv("config/studies.csv")
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat)
fit <- rma(yi, vi, data = dat, test = "knha")
interval <- predict(rma(yi, vi, data = dat, test = "t"))
random <- rma(yi, vi, data = dat, test = "knha", subset = alloc == "random")

source("../expect.R")
expect_line("pool/tuberculosis", "random", fit)
expect("pool/tuberculosis", heterogeneity.tau2 = fit$tau2, heterogeneity.Q = fit$QE, prediction.low = interval$pi.lb, prediction.high = interval$pi.ub)
expect("pool/tuberculosis", heterogeneity.I2 = fit$I2, within = 0.01)
expect_line("pool/by_allocation", "subgroups.levels.0.random", random)
save_expected()
