# influence(), baujat(), cumulative and GOSH models of one set of effects, with metafor's tolerances tightened.
tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-15)
quiet <- function(expr) suppressWarnings(suppressMessages(expr))
line <- function(f) list(estimate = f$beta[1], se = f$se, ci_low = f$ci.lb, ci_high = f$ci.ub, statistic = f$zval, p = f$pval, tau2 = f$tau2, I2 = f$I2, H2 = f$H2, Q = f$QE)

diagnostics <- function(yi, vi, test) {
  f <- quiet(rma(yi, vi, test = test, control = tight))
  found <- quiet(influence(f))
  pdf(NULL)
  spread <- quiet(baujat(f))
  part <- as.list(as.data.frame(found$inf))[c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat")]
  names(part) <- c("rstudent", "dffits", "cook_d", "cov_ratio", "tau2_del", "QE_del", "hat")
  c(part, list(dfbetas = as.data.frame(found$dfbs)[[1]], baujat_x = spread$x, baujat_y = spread$y, influential = as.logical(found$is.infl)))
}
# fit by fit, because cumul() and gosh() do not pass the tolerances on
cumulated <- function(yi, vi, order) lapply(seq_along(yi)[-1], function(i) {
  line(quiet(rma(yi[order[1:i]], vi[order[1:i]], test = "knha", control = tight)))
})
subsets <- function(yi, vi) {
  k <- length(yi)
  masks <- t(sapply(seq_len(2^k - 1), function(code) as.integer(intToBits(code))[1:k] == 1))
  masks <- masks[rowSums(masks) > 1, , drop = FALSE]
  fits <- apply(masks, 1, function(inside) {
    f <- quiet(rma(yi[inside], vi[inside], control = tight))
    c(f$k, f$QE, f$I2, f$H2, f$tau2, f$beta[1])
  })
  setNames(lapply(1:6, function(i) fits[i, ]), c("k", "QE", "I2", "H2", "tau2", "estimate"))
}
explored <- function(yi, vi, gosh = TRUE) {
  precise <- order(vi)
  list(yi = yi, vi = vi, wald = diagnostics(yi, vi, "z"), HKSJ = diagnostics(yi, vi, "knha"),
       cumulative = cumulated(yi, vi, seq_along(yi)), precision = list(order = precise, rows = cumulated(yi, vi, precise)),
       gosh = if (gosh) subsets(yi, vi) else NULL)
}
