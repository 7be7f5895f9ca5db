# The same numbers in R, from the same table: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages(library(metafor))
dat <- read.csv("config/studies.csv")
fit <- rma(measure = "ZCOR", ri = ri, ni = ni, data = dat, test = "knha")
correlation <- predict(rma(measure = "ZCOR", ri = ri, ni = ni, data = dat, test = "t"), transf = transf.ztor)
egger <- regtest(rma(measure = "ZCOR", ri = ri, ni = ni, data = dat), model = "lm")

source("../expect.R")
expect_line("pool/adherence", "random", fit)
expect("pool/adherence", heterogeneity.tau2 = fit$tau2, heterogeneity.Q = fit$QE, display.random.estimate = correlation$pred, display.prediction.low = correlation$pi.lb, display.prediction.high = correlation$pi.ub)
expect("pool/adherence", heterogeneity.I2 = fit$I2, within = 0.01)
expect("explore/adherence", small_study.egger.p = egger$pval)
save_expected()
