# Prints the seconds that metafor takes: Rscript exploring.R gosh|leave1out|permutest yi vi, each a list with commas.
suppressMessages(library(metafor))
given <- commandArgs(trailingOnly = TRUE)
numbers <- function(text) as.numeric(strsplit(text, ",")[[1]])
if (given[1] == "glmm") {  # ten studies each, one meta-analysis after the other
  x <- matrix(numbers(given[2]), ncol = 10, byrow = TRUE); n <- matrix(numbers(given[3]), ncol = 10, byrow = TRUE)
  once <- function(i) rma.glmm(measure = "PLO", xi = x[i, ], ni = n[i, ])
  suppressWarnings(once(1))  # loads lme4
  cat(system.time(for (i in seq_len(nrow(x))) try(suppressWarnings(once(i)), silent = TRUE))[["elapsed"]])
  quit()
}
fit <- rma(numbers(given[2]), numbers(given[3]))
regression <- function() rma(numbers(given[2]), numbers(given[3]), mods = ~ seq(0, length(numbers(given[2])) - 1))
run <- list(gosh = function() gosh(fit, progbar = FALSE), leave1out = function() leave1out(fit),
            permutest = function() permutest(regression(), iter = 1000, exact = FALSE, progbar = FALSE))[[given[1]]]
cat(system.time(suppressWarnings(run()))[["elapsed"]])
