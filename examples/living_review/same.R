# The same numbers in R, from the same table: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages(library(metafor))
dat <- read.csv("config/studies.csv")
effects <- escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = subset(dat, ai > 0 & ci > 0))
fit <- rma(yi, vi, data = effects, test = "knha")
until <- lapply(c(1971, 1973, 1977), function(last) rma(yi, vi, data = effects, test = "knha", subset = year <= last))
mantel_haenszel <- rma.mh(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat)

source("../expect.R")
expect_line("pool/death", "random", fit)
expect_line("pool/death", "common", mantel_haenszel)
for (i in 1:3) expect_line("explore/death", paste0("history.", c(1, 2, 4)[i]), until[[i]])
save_expected()
