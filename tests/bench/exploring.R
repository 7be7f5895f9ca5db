# Prints the seconds that metafor takes: Rscript exploring.R gosh|leave1out|permutest yi vi, each a list with commas.
suppressMessages(library(metafor))
given <- commandArgs(trailingOnly = TRUE)
numbers <- function(text) as.numeric(strsplit(text, ",")[[1]])
fit <- rma(numbers(given[2]), numbers(given[3]))
regression <- function() rma(numbers(given[2]), numbers(given[3]), mods = ~ seq(0, length(numbers(given[2])) - 1))
run <- list(gosh = function() gosh(fit, progbar = FALSE), leave1out = function() leave1out(fit),
            permutest = function() permutest(regression(), iter = 1000, exact = FALSE, progbar = FALSE))[[given[1]]]
cat(system.time(suppressWarnings(run()))[["elapsed"]])
