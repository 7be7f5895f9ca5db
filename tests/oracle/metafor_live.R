# Prints, as JSON, what metafor gives for every dataset x tau2 estimator x inference, with its tolerances tightened. What
# metafor does not have is made here by its definition: the two rules that choose between its intervals, the profile
# likelihood of the mean, and Kenward and Roger's test with the matrices of their paper.
source("datasets.R")
suppressMessages(library(jsonlite))
tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-15)
tests <- c(wald = "z", t = "t", HKSJ = "knha", "HKSJ-adhoc" = "adhoc")
quiet <- function(expr) suppressWarnings(suppressMessages(expr))

line <- function(fit) {
  predicted <- predict(fit)
  list(estimate = fit$beta[1], se = fit$se[1], ci_low = fit$ci.lb[1], ci_high = fit$ci.ub[1], statistic = fit$zval[1], p = fit$pval[1],
       pi_low = predicted$pi.lb, pi_high = predicted$pi.ub)
}
width <- function(line) line$ci_high - line$ci_low
chosen <- function(lines, classic) c(lines, list(
  "HKSJ-ci" = if (width(lines$HKSJ) < width(lines$wald)) lines$wald else lines$HKSJ,
  "HKSJ-IQWiG" = if (width(lines$HKSJ) < width(classic)) lines[["HKSJ-adhoc"]] else lines$HKSJ))

# Kenward & Roger (1997), section 3, for one coefficient and the variance diag(vi + tau2), with expected information
# by_adjusted: the adjusted variance in the degrees of freedom too, as R's meta has it
kenward_roger <- function(yi, vi, tau2, by_adjusted = FALSE) {
  inverse <- diag(1 / (vi + tau2)); x <- matrix(1, length(yi)); l <- 1
  phi <- solve(t(x) %*% inverse %*% x)
  P <- -t(x) %*% inverse %*% inverse %*% x
  Q <- t(x) %*% inverse %*% inverse %*% inverse %*% x
  M <- inverse - inverse %*% x %*% phi %*% t(x) %*% inverse
  W <- 2 / sum(diag(M %*% M))
  adjusted <- phi + 2 * phi %*% (W * (Q - P %*% phi %*% P)) %*% phi
  inner <- if (by_adjusted) adjusted else phi
  theta <- solve(inner)
  A1 <- W * sum(diag(theta %*% inner %*% P %*% inner))^2
  A2 <- W * sum(diag(theta %*% inner %*% P %*% inner %*% theta %*% inner %*% P %*% inner))
  B <- (A1 + 6 * A2) / (2 * l)
  g <- ((l + 1) * A1 - (l + 4) * A2) / ((l + 2) * A2)
  below <- 3 * l + 2 * (1 - g); c1 <- g / below; c2 <- (l - g) / below; c3 <- (l + 2 - g) / below
  E <- 1 / (1 - A2 / l)
  rho <- 2 / l * (1 + c1 * B) / ((1 - c2 * B)^2 * (1 - c3 * B)) / (2 * E^2)
  m <- 4 + (l + 2) / (l * rho - 1)
  scale <- m / (E * (m - 2))
  estimate <- c(phi %*% t(x) %*% inverse %*% yi); se <- sqrt(c(adjusted) / scale)
  half <- qt(0.975, m) * se
  list(estimate = estimate, se = se, ci_low = estimate - half, ci_high = estimate + half, statistic = estimate / se, p = 2 * pt(-abs(estimate / se), m))
}

# Hardy & Thompson (1996), section 3
profile_likelihood <- function(yi, vi, fit) {
  height <- function(mean, tau2) sum(dnorm(yi, mean, sqrt(vi + tau2), log = TRUE))
  most <- 10 * (fit$tau2 + diff(range(yi))^2 + max(vi))
  profiled <- function(mean) {
    grid <- most * c(0, exp(seq(-20, 0, length.out = 60)))
    at <- which.max(sapply(grid, function(tau2) height(mean, tau2)))
    inner <- optimize(function(tau2) height(mean, tau2), grid[c(max(at - 1, 1), min(at + 1, 61))], maximum = TRUE, tol = 1e-12 * most)$objective
    max(inner, height(mean, 0))
  }
  best <- height(fit$beta[1], fit$tau2)
  excess <- function(mean) best - profiled(mean) - qchisq(0.95, 1) / 2
  root <- function(side) uniroot(excess, sort(fit$beta[1] + side * c(0, 3) * fit$se), extendInt = "yes", tol = 1e-13 * fit$se)$root
  list(ci_low = root(-1), ci_high = root(1))
}

one <- function(case) {
  yi <- case$yi; vi <- case$vi
  fit <- function(...) tryCatch(quiet(rma(yi, vi, control = tight, ...)), error = function(e) NULL)
  part <- function(first) {
    if (is.null(first)) return(list(failed = TRUE))
    # with tau2 given, so that it is not sought again (and metafor takes given weights for the mean as well)
    again <- function(test) fit(tau2 = first$tau2, test = test)
    hts <- if (is.null(first$weights)) predict(first, pi.type = "riley") # a given tau2 leaves metafor one degree of freedom more
    list(tau2 = first$tau2, tau2_se = first$se.tau2, I2 = first$I2, H2 = first$H2, hts = if (!is.null(hts)) c(hts$pi.lb, hts$pi.ub),
         lines = chosen(lapply(tests, function(test) line(again(test))), classic))
  }
  by_name <- function(method) part(fit(method = method))
  by_weights <- function(weights) part(fit(method = "GENQ", weights = weights))
  classic <- line(fit(method = "DL"))
  names <- c("REML", "ML", "DL", "PM", "PMM", "EB", "HE", "HS", "HSk", "SJ")
  methods <- c(lapply(setNames(names, names), by_name),
               list(DL2 = by_weights(1 / (vi + fit(method = "DL")$tau2)), GENQ = by_weights(1 / sqrt(vi)),
                    # iterated to its end DerSimonian and Laird's estimate is Paule and Mandel's, and gives itself once more
                    DLIT = by_weights(1 / (vi + fit(method = "PM")$tau2))))
  by_its_own <- tryCatch(rma(yi, vi, method = "DLIT", control = list(maxiter = 500)), error = function(e) NULL)
  if (is.null(methods$REML$failed)) {
    methods$REML$lines$KR <- kenward_roger(yi, vi, methods$REML$tau2)
    methods$REML$lines[["KR-meta"]] <- kenward_roger(yi, vi, methods$REML$tau2, by_adjusted = TRUE)
  }
  if (is.null(methods$ML$failed)) methods$ML$profile <- profile_likelihood(yi, vi, fit(method = "ML"))
  reml <- fit(method = "REML")
  if (is.null(reml)) reml <- fit(method = "DL")
  qp <- quiet(confint(reml, control = list(tau2.max = 1e8, tol = 1e-14, maxiter = 10000)))$random
  ee <- quiet(rma(yi, vi, method = "EE"))
  list(yi = yi, vi = vi, methods = methods, dlit = by_its_own$tau2, Q = ee$QE, Q_p = ee$QEp, common = ee$beta[1], common_se = ee$se,
       tau2_low = qp["tau^2", "ci.lb"], tau2_high = qp["tau^2", "ci.ub"])
}
cat(toJSON(lapply(sets, one), auto_unbox = TRUE, digits = I(17), null = "null", na = "null"))
