# The same numbers in R, from the same table: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages(library(metafor))
dat <- read.csv("config/studies.csv")
all <- rma(yi, vi, data = dat)
# left at its defaults, rma() stops a little short of the maximum
fit <- rma(yi, vi, mods = ~ weeks_c, data = dat, control = list(threshold = 1e-12, maxiter = 1000))
at <- predict(fit, newmods = 0:3)

source("../expect.R")
expect_line("pool/intelligence", "random", all)
for (i in 1:2) expect_line("pool/by_weeks", paste0("moderators.coefficients.", i - 1), list(beta = fit$beta[i], ci.lb = fit$ci.lb[i], ci.ub = fit$ci.ub[i]))
expect("pool/by_weeks", moderators.QM = fit$QM, moderators.tau2 = fit$tau2, moderators.R2 = fit$R2)
for (i in 1:4) expect_line("pool/by_weeks", paste0("moderators.at.", i - 1), list(beta = at$pred[i], ci.lb = at$ci.lb[i], ci.ub = at$ci.ub[i]))
save_expected()
