# Writes published_effects.json: the effects behind metafor_tests.tsv, out of metadat. Run from this folder: Rscript published_effects.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
plain <- function(d) list(yi = as.numeric(d$yi), vi = as.numeric(d$vi))
bcg <- function(m) plain(escalc(m, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg))
n <- dat.normand1999
pooled <- with(n, sqrt(((n1i - 1) * sd1i^2 + (n2i - 1) * sd2i^2) / (n1i + n2i - 2)))
order_bcg <- order(dat.bcg$year)
sets <- list(
  bcg_RR = bcg("RR"), bcg_OR = bcg("OR"), bcg_RD = bcg("RD"), bcg_RR_by_year = lapply(bcg("RR"), function(x) x[order_bcg]),
  bcg_counts = with(dat.bcg, list(events_e = tpos, n_e = tpos + tneg, events_c = cpos, n_c = cpos + cneg)),
  raudenbush1985 = plain(dat.raudenbush1985),
  konstantopoulos2011 = c(plain(dat.konstantopoulos2011), list(year = dat.konstantopoulos2011$year, district = dat.konstantopoulos2011$district)),
  normand1999 = list(yi = n$m1i - n$m2i, vi = pooled^2 * (1 / n$n1i + 1 / n$n2i)),
  hine1989 = with(escalc("RD", n1i = n1i, n2i = n2i, ai = ai, ci = ci, data = dat.hine1989), list(yi = as.numeric(yi) * 100, vi = as.numeric(vi) * 100^2)),
  lee2004 = plain(escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.lee2004)),
  linde2005 = plain(escalc("RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.linde2005[c(7:10, 13:25), ])),
  nielweise2007 = {d <- escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007, drop00 = TRUE); plain(d[!is.na(d$yi), ])},
  assink2016 = c(plain(dat.assink2016), list(study = dat.assink2016$study))
)
writeLines(toJSON(sets, digits = I(17), auto_unbox = FALSE), "published_effects.json")
