# Prints the seconds that metafor takes: Rscript exploring.R gosh|leave1out yi vi, each a list with commas.
suppressMessages(library(metafor))
given <- commandArgs(trailingOnly = TRUE)
numbers <- function(text) as.numeric(strsplit(text, ",")[[1]])
fit <- rma(numbers(given[2]), numbers(given[3]))
run <- list(gosh = function() gosh(fit, progbar = FALSE), leave1out = function() leave1out(fit))[[given[1]]]
cat(system.time(suppressWarnings(run()))[["elapsed"]])
