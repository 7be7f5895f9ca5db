# Prints the seconds that a loop over rma(), confint() and predict() takes for one meta-analysis of 10 studies, on average.
suppressMessages(library(metafor))
set.seed(1)
n <- 300
y <- matrix(rnorm(n * 10, 0, 0.4), n); v <- matrix(runif(n * 10, 0.02, 0.3), n)
control <- list(maxiter = 1000, stepadj = 0.5)
spent <- system.time(for (i in seq_len(n)) tryCatch({
  fit <- rma(y[i, ], v[i, ], method = "REML", test = "knha", control = control); confint(fit); predict(fit)
}, error = function(e) NULL, warning = function(w) NULL))
cat(spent[["elapsed"]] / n)
