# Writes metafor.json: what metafor gives for the cases below, with its tolerances tightened, at 15 significant digits.
# Run from this folder: Rscript metafor.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-15)
z <- 1.959963984540054
from_ci <- function(est, lo, hi) list(yi = log(est), vi = ((log(hi) - log(lo)) / (2 * z))^2)
from_counts <- function(measure, e1, n1, e2, n2) {
  d <- escalc(measure, ai = e1, n1i = n1, ci = e2, n2i = n2, add = 0)
  list(yi = as.numeric(d$yi), vi = as.numeric(d$vi))
}
bcg <- function(measure) {
  d <- escalc(measure, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  list(yi = as.numeric(d$yi), vi = as.numeric(d$vi))
}
cases <- list(
  efs = from_ci(c(0.39, 0.70, 0.76, 0.33, 0.53), c(0.24, 0.47, 0.51, 0.18, 0.32), c(0.64, 1.03, 1.14, 0.61, 0.87)),
  efs_children = from_ci(c(0.39, 0.70, 0.76, 0.33), c(0.24, 0.47, 0.51, 0.18), c(0.64, 1.03, 1.14, 0.61)),
  os = from_ci(c(0.62, 0.65, 0.35, 0.44, 0.71), c(0.39, 0.32, 0.17, 0.25, 0.55), c(0.98, 1.30, 0.70, 0.76, 0.93)),
  os_children = from_ci(c(0.62, 0.65, 0.35), c(0.39, 0.32, 0.17), c(0.98, 1.30, 0.70)),
  mrd = from_counts("RR", c(79, 44), c(105, 49), c(33, 26), c(103, 48)),
  hsct = from_counts("RR", c(74, 48, 65), c(105, 54, 271), c(44, 38, 32), c(103, 54, 134)),
  infection = from_counts("RR", c(52, 57, 91), c(351, 273, 267), c(19, 47, 57), c(376, 277, 109)),
  crs = from_counts("RD", c(2, 13), c(624, 267), c(0, 0), c(653, 109)),
  bcg_rr = bcg("RR"),
  bcg_or = bcg("OR"),
  bcg_rd = bcg("RD")
)
estimators <- c("REML", "ML", "DL", "PM", "PMM", "EB", "HE", "HS", "HSk", "SJ")
tests <- c(wald = "z", t = "t", HKSJ = "knha", "HKSJ-adhoc" = "adhoc")

line <- function(fit) {
  part <- list(estimate = fit$beta[1], se = fit$se[1], ci_low = fit$ci.lb[1], ci_high = fit$ci.ub[1],
               statistic = fit$zval[1], p = fit$pval[1])
  prediction <- if (fit$method == "EE") NULL else predict(fit)
  if (is.null(prediction)) part else c(part, list(pi_low = prediction$pi.lb, pi_high = prediction$pi.ub))
}
one <- function(case) {
  fit <- function(...) suppressWarnings(rma(case$yi, case$vi, control = tight, ...))
  random <- lapply(setNames(estimators, estimators), function(method) {
    first <- fit(method = method)
    limits <- confint(first, control = list(tau2.max = 1e6, tol = 1e-14))$random
    list(tau2 = first$tau2, tau2_se = first$se.tau2, I2 = first$I2, H2 = first$H2,
         tau2_low = limits["tau^2", "ci.lb"], tau2_high = limits["tau^2", "ci.ub"],
         inference = lapply(tests, function(test) line(fit(method = method, test = test))))
  })
  common <- fit(method = "EE")
  # fit by fit, because leave1out() does not pass the tolerances on
  without <- lapply(seq_along(case$yi), function(i) {
    if (length(case$yi) < 3) return(NULL)
    f <- suppressWarnings(rma(case$yi[-i], case$vi[-i], test = "knha", control = tight))
    list(estimate = f$beta[1], se = f$se, ci_low = f$ci.lb, ci_high = f$ci.ub, p = f$pval, tau2 = f$tau2, I2 = f$I2, Q = f$QE)
  })
  list(yi = case$yi, vi = case$vi, common = line(common), Q = common$QE, Q_df = common$k - 1, Q_p = common$QEp,
       random = random, leave_one_out = Filter(Negate(is.null), without))
}
result <- list(made_by = sprintf("metafor %s, R %s", packageVersion("metafor"), getRversion()), cases = lapply(cases, one))
writeLines(prettify(toJSON(result, auto_unbox = TRUE, digits = I(17), null = "null", na = "null"), indent = 1), "metafor.json")
