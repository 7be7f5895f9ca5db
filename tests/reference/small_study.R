# Writes small_study.json: tests and models of small-study effects by metafor, with its tolerances tightened, and, for the
# tests that metafor does not have, the regressions of their papers by lm(). It takes some minutes.
# Run from this folder: Rscript small_study.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
tight <- list(threshold = 1e-12, maxiter = 10000)
quiet <- function(expr) suppressWarnings(suppressMessages(expr))
counts <- function(d, a, n1, c, n2) list(events_e = d[[a]], n_e = d[[n1]], events_c = d[[c]], n_c = d[[n2]])
bcg <- transform(dat.bcg, n1 = tpos + tneg, n2 = cpos + cneg)
sets <- list(
  bcg_or = c(list(measure = "OR"), counts(bcg, "tpos", "n1", "cpos", "n2")),
  bcg_rr = c(list(measure = "RR"), counts(bcg, "tpos", "n1", "cpos", "n2")),
  egger2001 = c(list(measure = "OR"), counts(dat.egger2001, "ai", "n1i", "ci", "n2i")),
  damico2009 = c(list(measure = "OR"), counts(dat.damico2009, "xt", "nt", "xc", "nc")),
  hackshaw1998 = list(measure = "GEN", yi = dat.hackshaw1998$yi, vi = dat.hackshaw1998$vi, steps = c(.025, .1, .5)),
  baskerville2012 = list(measure = "GEN", yi = dat.baskerville2012$smd, vi = dat.baskerville2012$se^2),
  raudenbush1985 = with(dat.raudenbush1985, list(measure = "SMD", yi = yi, vi = vi, n_e = n2i, n_c = n1i))
)

# slope and intercept of a weighted regression with a multiplicative dispersion
line <- function(y, x, v) {
  s <- summary(lm(y ~ x, weights = 1 / v))$coefficients
  list(estimate = s[2, 1], se = s[2, 2], statistic = s[2, 3], p = s[2, 4], limit = s[1, 1], limit_se = s[1, 2])
}
random <- function(y, x, v, method, test) {
  f <- quiet(rma(y, v, mods = ~ x, method = method, test = test, control = if (method == "REML") tight else list()))
  list(estimate = f$beta[2], se = f$se[2], statistic = f$zval[2], p = f$pval[2], tau2 = f$tau2, limit = f$beta[1])
}
# moments of the events of one arm given the margins and the odds ratio, by the definition of the distribution
noncentral <- function(n1, n2, m, ratio) {
  x <- max(0, m - n2):min(n1, m)
  w <- lchoose(n1, x) + lchoose(n2, m - x) + x * log(ratio); w <- exp(w - max(w)); w <- w / sum(w)
  c(sum(w * x), sum(w * (x - sum(w * x))^2))
}
by_counts <- function(s, y) {
  # integers would overflow
  a <- as.numeric(s$events_e); n1 <- as.numeric(s$n_e); c <- as.numeric(s$events_c); n2 <- as.numeric(s$n_c); n <- n1 + n2; m <- a + c; ess <- 4 * n1 * n2 / n
  if (s$measure == "RR") { z <- (a * n - n1 * m) / (n - m); v <- n1 * n2 * m / (n * (n - m)) }
  else { z <- a - n1 * m / n; v <- n1 * n2 * m * (n - m) / (n^2 * (n - 1)) }
  arcsine <- asin(sqrt(a / n1)) - asin(sqrt(c / n2)); va <- 1 / (4 * n1) + 1 / (4 * n2)
  pooled <- 1 / m + 1 / (n - m)
  found <- list(harbord = line(z / v, 1 / sqrt(v), 1 / v), peters = line(y, 1 / n, pooled), macaskill = line(y, n, pooled),
                arcsine = line(arcsine, sqrt(va), va), arcsine_random = random(arcsine, sqrt(va), va, "DL", "t"))
  if (s$measure == "OR") {
    ratio <- exp(rma.mh(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, add = 0, drop00 = FALSE)$beta[1])
    e <- mapply(noncentral, n1, n2, m, MoreArgs = list(ratio = ratio))
    k <- quiet(cor.test((a - e[1, ]) / sqrt(e[2, ]), 1 / e[2, ], method = "kendall"))
    found <- c(found, list(deeks = line(y, 1 / sqrt(ess), 1 / ess), schwarzer = list(tau = unname(k$estimate), p = k$p.value, odds_ratio = ratio)))
  }
  found
}
filled <- function(fit) lapply(setNames(nm = c("L0", "R0", "Q0")), function(e) {
  t <- tryCatch(quiet(trimfill(fit, estimator = e)), error = function(e) NULL)
  if (is.null(t)) return(NULL)
  again <- quiet(rma(t$yi, t$vi, control = tight))
  list(missing = t$k0, side = t$side, missing_se = t$se.k0, p_missing = t$p.k0, estimate = again$beta[1], se = again$se, tau2 = again$tau2,
       filled = t$yi[t$fill])
})
selected <- function(s, type, alternative, steps) {
  ml <- quiet(rma(s$yi, s$vi, method = "ML", control = tight))
  # the beta model's integrals are not exact enough for a tighter search
  control <- if (type == "beta") list() else list(reltol = 1e-15, maxit = 5000)
  f <- tryCatch(quiet(if (type == "beta") selmodel(ml, type = type, alternative = alternative, control = control)
                      else selmodel(ml, type = type, alternative = alternative, steps = steps, control = control)), error = function(e) NULL)
  if (is.null(f)) return(NULL)
  own <- if (type == "beta") 1:2 else -1
  found <- list(estimate = f$beta[1], se = f$se[1], tau2 = f$tau2, weights = f$delta[own], weights_se = f$se.delta[own], statistic = f$LRT, p = f$LRTp)
  if (type == "beta") return(found)
  limits <- function(l) as.numeric(l$random[1, c("ci.lb", "ci.ub")])
  found$tau2_limits <- quiet(limits(confint(f, tau2 = TRUE, control = list(tol = 1e-10))))
  found$weights_limits <- lapply(seq_along(f$delta)[-1], function(i) quiet(limits(confint(f, delta = i, control = list(tol = 1e-10)))))
  found
}
one <- function(s) {
  if (is.null(s$yi)) {
    d <- escalc(s$measure, ai = s$events_e, n1i = s$n_e, ci = s$events_c, n2i = s$n_c)
    s$yi <- as.numeric(d$yi); s$vi <- as.numeric(d$vi)
  }
  y <- s$yi; v <- s$vi; sei <- sqrt(v)
  fit <- quiet(rma(y, v, control = tight)); side <- if (fit$beta[1] > 0) "greater" else "less"
  steps <- if (is.null(s$steps)) .025 else s$steps
  rank <- quiet(ranktest(y, v))
  e <- quiet(regtest(y, v, model = "lm"))
  orwin <- quiet(fsn(y, v, type = "Orwin"))
  chi2 <- quiet(tes(fit, test = "chi2"))
  # its exact test goes through every set of significant studies
  t <- if (choose(chi2$k, chi2$O) <= 1e4) quiet(tes(fit, test = "exact", progbar = FALSE))
  found <- list(
    measure = s$measure, yi = y, vi = v,
    egger = c(line(y, sei, v), list(regtest_z = e$zval, regtest_p = e$pval, regtest_limit = e$est)),
    egger_mixed = c(random(y, sei, v, "REML", "z"), list(regtest_z = quiet(regtest(fit))$zval)),
    thompson_sharp = random(y, sei, v, "DL", "t"), peese = line(y, v, v), begg = list(tau = unname(rank$tau), p = rank$pval),
    trim_and_fill = filled(fit),
    fail_safe = list(rosenthal = fsn(y, v)$fsnum, rosenberg = fsn(y, v, type = "Rosenberg")$fsnum, orwin = orwin$fsnum, orwin_target = orwin$target),
    excess = list(observed = chi2$O, expected = chi2$E, chi2 = chi2$X2, p_chi2 = chi2$pval, p = t$pval, limit = t$theta.lim),
    step = c(list(steps = steps), selected(list(yi = y, vi = v), "stepfun", side, steps))
  )
  if (!is.null(s$n_e)) found <- c(found, list(n_e = s$n_e, n_c = s$n_c))
  if (!is.null(s$events_e)) found <- c(found, list(events_e = s$events_e, events_c = s$events_c), by_counts(s, y))
  if (s$measure == "SMD") { w <- 1 / s$n_e + 1 / s$n_c; found$egger_smd <- line(y, sqrt(w), w); found$peese_smd <- line(y, w, w) }
  found
}
# in turn, so that a failure names its set
results <- lapply(sets, one)
for (name in c("baskerville2012", "hackshaw1998")) results[[name]]$beta <- selected(results[[name]], "beta", "greater", NULL)
result <- list(made_by = sprintf("metafor %s, R %s", packageVersion("metafor"), getRversion()), cases = results)
writeLines(prettify(toJSON(result, auto_unbox = TRUE, digits = I(17), null = "null", na = "null"), indent = 1), "small_study.json")
