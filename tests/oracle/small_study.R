# Prints, as JSON, what metafor gives on small-study effects for every dataset, with its tolerances tightened.
source("datasets.R")
suppressMessages(library(jsonlite))
tight <- list(threshold = 1e-12, maxiter = 10000)
quiet <- function(expr) tryCatch(suppressWarnings(suppressMessages(expr)), error = function(e) NULL)

filled <- function(fit) lapply(setNames(nm = c("L0", "R0", "Q0")), function(e) {
  t <- quiet(trimfill(fit, estimator = e))
  if (is.null(t)) NULL else list(missing = t$k0, side = t$side, missing_se = t$se.k0)
})
# the datasets have no sample sizes: these are made up, and belong to the studies by their order
sample_sizes <- function(v) round(4 / v * (1 + 0.4 * sin(seq_along(v)))) + 10
asymmetry <- function(y, v) {
  n <- sample_sizes(v)
  fits <- lapply(c(egger_n = "sqrtninv", inverse_size = "ninv", size = "ni"), function(by) quiet(regtest(y, v, ni = n, predictor = by, model = "lm")))
  found <- lapply(fits, function(f) if (is.null(f)) NULL else list(statistic = f$zval, p = f$pval, limit = f$est))
  mixed <- quiet(rma(y, v, mods = ~ I(1 / sqrt(n)), control = tight))
  if (is.null(mixed) || length(mixed$beta) < 2) return(list(n = n, lines = found))
  list(n = n, lines = found, mixed = list(statistic = mixed$zval[2], p = mixed$pval[2], tau2 = mixed$tau2))
}
selected <- function(case, side) {
  ml <- quiet(rma(case$yi, case$vi, method = "ML", control = tight))
  f <- quiet(selmodel(ml, type = "stepfun", alternative = side, steps = .025, control = list(reltol = 1e-14, maxit = 2000)))
  if (is.null(f)) NULL else list(estimate = f$beta[1], tau2 = f$tau2, weight = f$delta[2], likelihood = logLik(f)[1])
}
one <- function(case) {
  y <- case$yi; v <- case$vi
  fit <- quiet(rma(y, v, control = tight))
  if (is.null(fit) || length(y) < 3) return(NULL)
  egger <- quiet(regtest(y, v, model = "lm")); mixed <- quiet(rma(y, v, mods = ~ sqrt(v), control = tight)); rank <- quiet(ranktest(y, v))
  side <- if (fit$beta[1] > 0) "greater" else "less"
  tes <- quiet(tes(fit, test = "chi2"))
  list(yi = y, vi = v, egger = if (!is.null(egger)) list(statistic = egger$zval, p = egger$pval, limit = egger$est),
       mixed = if (!is.null(mixed) && length(mixed$beta) == 2) list(statistic = mixed$zval[2], p = mixed$pval[2], tau2 = mixed$tau2),
       by_size = asymmetry(y, v),
       begg = list(tau = unname(rank$tau), p = rank$pval), trim_and_fill = filled(fit),
       fail_safe = list(rosenthal = fsn(y, v)$fsnum, rosenberg = fsn(y, v, type = "Rosenberg")$fsnum, orwin = fsn(y, v, type = "Orwin")$fsnum),
       excess = list(observed = tes$O, expected = tes$E, p_chi2 = tes$pval), step = selected(case, side))
}
cat(toJSON(Filter(Negate(is.null), lapply(sets, one)), auto_unbox = TRUE, digits = I(17), null = "null", na = "null"))
