# Fits rma.glmm() to counts read from a JSON file, with 25 quadrature points where it may have several, and prints JSON.
suppressMessages({library(metafor); library(jsonlite)})
sets <- fromJSON(commandArgs(trailingOnly = TRUE)[1], simplifyDataFrame = FALSE)
one <- function(set) {
  given <- c(list(measure = set$measure, drop00 = FALSE), set$counts)
  if (!is.null(set$model)) given$model <- set$model
  several <- !identical(set$model, "UM.RS") && !(identical(set$model, "CM.EL") && set$measure == "OR")
  if (several) given$nAGQ <- 25
  fit <- tryCatch(suppressWarnings(do.call(rma.glmm, given)), error = function(e) NULL)
  if (is.null(fit)) return(NULL)
  list(beta = fit$beta[1], se = fit$se, tau2 = fit$tau2, LRT = fit$QE.LRT, Wald = fit$QE.Wld)
}
cat(toJSON(lapply(sets, one), digits = NA, auto_unbox = TRUE, null = "null"))
