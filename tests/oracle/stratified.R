# Prints, as JSON, rma.mh() and rma.peto() on tables of metadat, without and with corrections; and the Q-test's parts.
source("datasets.R")
suppressMessages(library(jsonlite))
quiet <- function(expr) suppressWarnings(suppressMessages(expr))
part <- function(fit) list(estimate = fit$beta[1], se = fit$se, ci_low = fit$ci.lb, ci_high = fit$ci.ub, p = fit$pval)
two <- Filter(function(d) all(c("ai", "n1i", "ci", "n2i") %in% names(d)), two_by_two)
out <- lapply(two, function(d) {
  d <- as.data.frame(d)[c("ai", "n1i", "ci", "n2i")]
  d <- d[complete.cases(d), ]
  mh <- function(measure, add, to, drop) tryCatch(part(quiet(rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, measure = measure,
    add = c(1/2, add), to = c("only0", to), drop00 = c(TRUE, drop)))), error = function(e) NULL)
  models <- list()
  for (measure in c("OR", "RR", "RD")) {
    models[[paste(measure, "0 zeros keep")]] <- mh(measure, 0, "none", FALSE)
    models[[paste(measure, "0.5 zeros drop")]] <- mh(measure, 0.5, "only0", TRUE)
    models[[paste(measure, "0.5 zeros keep")]] <- mh(measure, 0.5, "only0", FALSE)
    models[[paste(measure, "0.5 all-if-zeros drop")]] <- mh(measure, 0.5, "if0all", TRUE)
    models[[paste(measure, "0.5 all keep")]] <- mh(measure, 0.5, "all", FALSE)
  }
  peto <- tryCatch(part(quiet(rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d))), error = function(e) NULL)
  list(events_e = d$ai, n_e = d$n1i, events_c = d$ci, n_c = d$n2i, models = models, peto = peto)
})
by_rate <- lapply(rates, function(d) {
  d <- as.data.frame(d)[c("x1i", "t1i", "x2i", "t2i")]
  mh <- function(measure) part(quiet(rma.mh(x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d, measure = measure, add = c(1/2, 0), to = c("only0", "none"))))
  list(events_e = d$x1i, n_e = d$t1i, events_c = d$x2i, n_c = d$t2i, models = list("IRR 0 zeros keep" = mh("IRR"), "IRD 0 zeros keep" = mh("IRD")))
})
cat(toJSON(c(out, by_rate), auto_unbox = TRUE, digits = I(17)))
