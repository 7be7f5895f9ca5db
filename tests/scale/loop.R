# What a loop in R does with the same table: pool, leave one out, influence, and a forest plot in three formats.
# Usage: Rscript loop.R studies.csv folder most; prints the seconds of each analysis, of the first `most`, without the
# start of R.
suppressPackageStartupMessages(library(metafor))
arguments <- commandArgs(trailingOnly = TRUE)
table <- read.csv(arguments[1])
begun <- proc.time()[["elapsed"]]
topics <- head(unique(table$topic), as.integer(arguments[3]))
for (topic in topics) {
  rows <- table[table$topic == topic, ]
  rows <- rows[order(rows$year, rows$study), ]
  effects <- escalc("RR", ai = events_e, n1i = n_e, ci = events_c, n2i = n_c, data = rows)
  fit <- rma(yi, vi, data = effects, slab = study, method = "REML", test = "knha")
  confint(fit)
  predict(fit)
  leave1out(fit)
  cumul(fit)
  influence(fit)
  name <- file.path(arguments[2], gsub(" ", "-", topic))
  figure <- function() forest(fit, atransf = exp, addpred = TRUE)
  svg(paste0(name, ".svg"), 10, 5); figure(); invisible(dev.off())
  pdf(paste0(name, ".pdf"), 10, 5); figure(); invisible(dev.off())
  png(paste0(name, ".png"), 10, 5, "in", res = 300); figure(); invisible(dev.off())
}
cat((proc.time()[["elapsed"]] - begun) / length(topics), "\n")
