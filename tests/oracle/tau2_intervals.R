# Prints, as JSON, intervals of tau2 of every dataset: of the residual tau2 of a meta-regression by confint() of metafor, and
# Sidik and Jonkman's by their formula, from the matrices of the model.
source("datasets.R")
suppressMessages(library(jsonlite))
tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-12)
quiet <- function(expr) tryCatch(suppressWarnings(suppressMessages(expr)), error = function(e) NULL)
# Sidik & Jonkman (2005): ratios r = v / tau2_0 with the crude tau2_0, weights 1 / (r + 1), and chi-squared quantiles
sidik_jonkman <- function(y, v, x) {
  first <- if (ncol(x) == 1) mean((y - mean(y))^2) else return(NULL)
  w <- 1 / (v / first + 1)
  fit <- lm.wfit(x, y, w)
  spread <- sum(w * fit$residuals^2)
  df <- length(y) - ncol(x)
  spread / qchisq(c(0.975, 0.025), df)
}
one <- function(case) {
  y <- case$yi; v <- case$vi; k <- length(y)
  if (k < 5) return(NULL)
  x <- cos(seq_len(k))
  fit <- quiet(rma(y, v, mods = ~ x, control = tight))
  limits <- if (is.null(fit)) NULL else quiet(confint(fit, control = list(tol = 1e-12, maxiter = 10000)))
  residual <- if (is.null(limits)) NULL else unname(limits$random[1, c("ci.lb", "ci.ub")])
  list(yi = y, vi = v, x = x, residual = residual, sidik_jonkman = sidik_jonkman(y, v, matrix(1, k)))
}
cat(toJSON(Filter(Negate(is.null), lapply(sets, one)), auto_unbox = TRUE, digits = I(17), null = "null", na = "null"))
