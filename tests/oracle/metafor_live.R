# Prints, as JSON, what metafor gives for every dataset x tau2 estimator x inference, with its tolerances tightened.
source("datasets.R")
suppressMessages(library(jsonlite))
tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-15)
estimators <- c("REML", "ML", "DL", "PM", "PMM", "EB", "HE", "HS", "HSk", "SJ")
tests <- c(wald = "z", t = "t", HKSJ = "knha", "HKSJ-adhoc" = "adhoc")
quiet <- function(expr) suppressWarnings(suppressMessages(expr))

line <- function(fit) {
  predicted <- predict(fit)
  list(estimate = fit$beta[1], se = fit$se[1], ci_low = fit$ci.lb[1], ci_high = fit$ci.ub[1], statistic = fit$zval[1], p = fit$pval[1],
       pi_low = predicted$pi.lb, pi_high = predicted$pi.ub)
}
one <- function(case) {
  fit <- function(...) tryCatch(quiet(rma(case$yi, case$vi, control = tight, ...)), error = function(e) NULL)
  methods <- lapply(setNames(estimators, estimators), function(method) {
    first <- fit(method = method)
    if (is.null(first)) return(list(failed = TRUE))
    list(tau2 = first$tau2, tau2_se = first$se.tau2, I2 = first$I2, H2 = first$H2, lines = lapply(tests, function(test) line(fit(method = method, test = test))))
  })
  reml <- fit(method = "REML")
  if (is.null(reml)) reml <- fit(method = "DL")
  qp <- quiet(confint(reml, control = list(tau2.max = 1e8, tol = 1e-14, maxiter = 10000)))$random
  ee <- quiet(rma(case$yi, case$vi, method = "EE"))
  list(yi = case$yi, vi = case$vi, methods = methods, Q = ee$QE, Q_p = ee$QEp, common = ee$beta[1], common_se = ee$se,
       tau2_low = qp["tau^2", "ci.lb"], tau2_high = qp["tau^2", "ci.ub"])
}
cat(toJSON(lapply(sets, one), auto_unbox = TRUE, digits = I(17), null = "null", na = "null"))
