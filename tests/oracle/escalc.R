# Prints, as JSON, what escalc() of metafor gives for datasets of metadat: a list of measure, dataset, inputs, yi and vi.
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

two_by_two <- list(
  bcg = with(dat.bcg, list(ai = tpos, bi = tneg, ci = cpos, di = cneg)),
  egger2001 = with(dat.egger2001, list(ai = ai, bi = n1i - ai, ci = ci, di = n2i - ci)),
  nielweise2007 = with(dat.nielweise2007, list(ai = ai, bi = n1i - ai, ci = ci, di = n2i - ci)))
means <- list(
  normand1999 = as.list(dat.normand1999[c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]),
  curtis1998 = as.list(dat.curtis1998[c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]))
paired <- lapply(means, function(d) list(m1i = d$m1i, sd1i = d$sd1i, m2i = d$m2i, sd2i = d$sd2i, ni = d$n1i, ri = rep(c(0.3, 0.7), length.out = length(d$m1i))))
one_mean <- lapply(means, function(d) list(mi = d$m1i, sdi = d$sd1i, ni = d$n1i))
rates <- list(hart1999 = as.list(dat.hart1999[c("x1i", "t1i", "x2i", "t2i")]), nielweise2008 = as.list(dat.nielweise2008[c("x1i", "t1i", "x2i", "t2i")]))
one_rate <- lapply(rates, function(d) list(xi = d$x1i, ti = d$t1i))
proportions <- list(pritz1997 = as.list(dat.pritz1997[c("xi", "ni")]), debruin2009 = with(dat.debruin2009, list(xi = xi, ni = ni)))
correlations <- list(mcdaniel1994 = as.list(dat.mcdaniel1994[c("ri", "ni")]), molloy2014 = as.list(dat.molloy2014[c("ri", "ni")]))
partial <- list(
  aloe2013 = with(dat.aloe2013, list(ti = tval, ni = n, mi = preds, r2i = R2)),
  molloy2014 = with(dat.molloy2014, list(ti = ri * sqrt(ni - 4) / sqrt(1 - ri^2), ni = ni, mi = rep(3, length(ni)), r2i = pmin(0.9, ri^2 + 0.2))))

# metafor 3.8 of Debian does not have these two yet
recent <- Filter(function(m) !inherits(try(escalc(m, m1i = 2, m2i = 1, sd1i = 1, sd2i = 1, ni = 20, ri = 0.5), silent = TRUE), "try-error"),
                 c("SMCRP", "SMCRPH"))
groups <- list(
  list(c("RR", "OR", "RD", "AS", "PETO", "PHI", "YUQ", "YUY", "PBIT", "OR2D", "OR2DN", "OR2DL"), two_by_two),
  list(c("MPRR", "MPOR", "MPRD", "MPORC", "MPPETO"), two_by_two),
  list(c("MD", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "CVR", "VR"), means),
  list(c("MC", "SMCC", "SMCR", "SMCRH", recent, "ROMC", "CVRC"), paired),
  list(c("MN", "MNLN", "SDLN", "CVLN", "SMN"), one_mean), list(c("IRR", "IRD", "IRSD"), rates), list(c("IR", "IRLN", "IRS", "IRFT"), one_rate),
  list(c("PR", "PLN", "PLO", "PAS", "PFT"), proportions), list(c("COR", "UCOR", "ZCOR"), correlations), list(c("PCOR", "ZPCOR", "SPCOR"), partial))

answers <- list()
for (group in groups) for (measure in group[[1]]) for (name in names(group[[2]])) {
  inputs <- group[[2]][[name]]
  asked <- if (measure %in% c("PCOR", "ZPCOR")) inputs[c("ti", "ni", "mi")] else inputs
  found <- tryCatch(suppressWarnings(do.call(escalc, c(list(measure = measure), asked))), error = function(e) NULL)
  answers[[length(answers) + 1]] <- list(measure = measure, dataset = name, inputs = lapply(asked, as.numeric), yi = as.numeric(found$yi), vi = as.numeric(found$vi))
}
# the back-transformation of the double arcsine at the harmonic mean of the sizes
pritz <- escalc("PFT", xi = xi, ni = ni, data = dat.pritz1997)
fit <- rma(yi, vi, data = pritz, method = "EE")
back <- predict(fit, transf = transf.ipft.hm, targs = list(ni = dat.pritz1997$ni))
hart <- escalc("IRFT", xi = x1i, ti = t1i, data = dat.hart1999)
cat(toJSON(list(version = as.character(packageVersion("metafor")), answers = answers,
  pft = list(value = fit$beta[1], size = 1 / mean(1 / dat.pritz1997$ni), back = back$pred, low = c(fit$ci.lb, back$ci.lb), high = c(fit$ci.ub, back$ci.ub)),
  irft = list(value = hart$yi, size = dat.hart1999$t1i, back = transf.iirft(hart$yi, dat.hart1999$t1i))),
  digits = I(17), auto_unbox = TRUE, na = "null", null = "null"))
