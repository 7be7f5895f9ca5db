# The same numbers in R, from the same table: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages({library(metafor); library(robumeta)})
dat <- read.csv("config/studies.csv")
fit <- rma.mv(yi, vi, random = ~ 1 | district/school, data = dat)
by_district <- robust(fit, cluster = district, clubSandwich = TRUE)
correlated <- robu(yi ~ 1, data = dat, studynum = district, var.eff.size = vi, modelweights = "CORR", rho = 0.8, small = TRUE)
one_each <- rma(yi, vi, data = aggregate(escalc(yi = yi, vi = vi, data = dat), cluster = district, rho = 0), test = "knha")

source("../expect.R")
expect_line("pool/achievement", "random", by_district)
expect("pool/achievement", heterogeneity.tau2_between = fit$sigma2[1], heterogeneity.tau2_within = fit$sigma2[2], alternatives.wald.ci_low = fit$ci.lb, alternatives.wald.ci_high = fit$ci.ub)
expect("pool/correlated", random.estimate = correlated$reg_table$b.r, random.ci_low = correlated$reg_table$CI.L, random.ci_high = correlated$reg_table$CI.U)
expect_line("pool/aggregated", "random", one_each)
save_expected()
