# The same numbers in R, from the same table: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages(library(metafor))
dat <- read.csv("config/studies.csv")
fit <- rma.glmm(measure = "PLO", xi = xi, ni = ni, data = dat, nAGQ = 25)
interval <- predict(fit, transf = transf.ilogit)
logits <- rma(measure = "PLO", xi = xi, ni = ni, data = dat, test = "knha")

source("../expect.R")
expect_line("pool/improvement", "random", fit)
expect("pool/improvement", heterogeneity.tau2 = fit$tau2, display.random.estimate = interval$pred, display.random.ci_low = interval$ci.lb, display.random.ci_high = interval$ci.ub)
expect_line("pool/logits", "random", logits)
save_expected()
