# Pairwise effects out of metadat: a list of list(yi, vi), by dataset and measure.
suppressMessages({library(metafor); library(metadat)})

effects <- function(d) {
  keep <- is.finite(d$yi) & is.finite(d$vi) & d$vi > 0
  list(yi = as.numeric(d$yi[keep]), vi = as.numeric(d$vi[keep]))
}
as_they_are <- c("assink2016", "bangertdrowns2004", "begg1989", "hackshaw1998", "kalaian1996", "knapp2017",
                 "konstantopoulos2011", "michael2013", "raudenbush1985", "riley2003", "tannersmith2016")
sets <- lapply(setNames(as_they_are, as_they_are), function(name) effects(get(paste0("dat.", name))))
sets$berkey1998_AL <- effects(subset(dat.berkey1998, outcome == "AL"))
sets$berkey1998_PD <- effects(subset(dat.berkey1998, outcome == "PD"))
sets$bakdash2021 <- effects(data.frame(yi = dat.bakdash2021$es.z, vi = dat.bakdash2021$vi.z)[1:120, ])
sets$baskerville2012 <- effects(data.frame(yi = dat.baskerville2012$smd, vi = dat.baskerville2012$se^2))
sets$ishak2007 <- effects(data.frame(yi = dat.ishak2007$y1i, vi = dat.ishak2007$v1i))
sets$linde2016 <- effects(data.frame(yi = dat.linde2016$lnOR, vi = dat.linde2016$selnOR^2))
sets$mccurdy2020 <- effects(dat.mccurdy2020[1:150, ])
sets$craft2003 <- effects(escalc("ZCOR", ri = ri, ni = ni, data = dat.craft2003))
sets$pignon2000 <- effects(data.frame(yi = dat.pignon2000$OmE / dat.pignon2000$V, vi = 1 / dat.pignon2000$V))

two_by_two <- list(
  anand1999 = dat.anand1999, axfors2021 = with(dat.axfors2021, data.frame(ai = hcq_arm_event, n1i = hcq_arm_total, ci = control_arm_event, n2i = control_arm_total)),
  bcg = with(dat.bcg, data.frame(ai = tpos, n1i = tpos + tneg, ci = cpos, n2i = cpos + cneg)),
  cannon2006 = with(dat.cannon2006, data.frame(ai = ep1t, n1i = nt, ci = ep1c, n2i = nc)),
  collins1985a = with(dat.collins1985a, data.frame(ai = b.xti, n1i = nti, ci = b.xci, n2i = nci)),
  collins1985b = with(dat.collins1985b, data.frame(ai = pre.xti, n1i = pre.nti, ci = pre.xci, n2i = pre.nci)),
  dagostino1998 = with(subset(dat.dagostino1998, !is.na(xt)), data.frame(ai = xt, n1i = nt, ci = xc, n2i = nc)),
  damico2009 = with(dat.damico2009, data.frame(ai = xt, n1i = nt, ci = xc, n2i = nc)),
  dorn2007 = with(dat.dorn2007, data.frame(ai = x.a, n1i = n.a, ci = x.p, n2i = n.p)),
  egger2001 = dat.egger2001, fine1993 = with(subset(dat.fine1993, !is.na(e1i)), data.frame(ai = e1i, n1i = nei, ci = c1i, n2i = nci)),
  gibson2002 = with(subset(dat.gibson2002, !is.na(ai)), data.frame(ai = ai, n1i = ai + bi, ci = ci, n2i = ci + di)),
  graves2010 = dat.graves2010, hahn2001 = dat.hahn2001,
  hartmannboyce2018 = with(dat.hartmannboyce2018, data.frame(ai = x.nrt, n1i = n.nrt, ci = x.ctrl, n2i = n.ctrl)),
  hine1989 = dat.hine1989, laopaiboon2015 = dat.laopaiboon2015, lau1992 = dat.lau1992, lee2004 = dat.lee2004, li2007 = dat.li2007,
  landenberger2005 = with(dat.landenberger2005, data.frame(ai = n.ctrl.rec, n1i = n.ctrl.rec + n.ctrl.non, ci = n.cbt.rec, n2i = n.cbt.rec + n.cbt.non)),
  linde2005 = dat.linde2005, nielweise2007 = dat.nielweise2007,
  vanhowe1999 = with(dat.vanhowe1999, data.frame(ai = non.pos, n1i = non.pos + non.neg, ci = cir.pos, n2i = cir.pos + cir.neg)),
  viechtbauer2021 = with(dat.viechtbauer2021, data.frame(ai = xTi, n1i = nTi, ci = xCi, n2i = nCi)),
  yusuf1985 = subset(dat.yusuf1985, table == "6")
)
for (name in names(two_by_two)) {
  for (measure in if (name %in% c("bcg", "hine1989", "lee2004")) c("RR", "OR", "RD") else "OR") {
    d <- two_by_two[[name]]
    sets[[paste0(name, "_", measure)]] <- effects(suppressWarnings(escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d)))
  }
}
correlations <- list(cohen1981 = dat.cohen1981, crede2010 = dat.crede2010, mcdaniel1994 = dat.mcdaniel1994, molloy2014 = dat.molloy2014,
                     nakagawa2007 = with(dat.nakagawa2007, data.frame(ri = Correlation, ni = SampleSize)), white2020 = with(dat.white2020, data.frame(ri = r, ni = n)))
for (name in names(correlations)) sets[[name]] <- effects(suppressWarnings(escalc("ZCOR", ri = ri, ni = ni, data = correlations[[name]])))
means <- list(normand1999 = dat.normand1999, gibson2002 = subset(dat.gibson2002, !is.na(m1i)), curtis1998 = dat.curtis1998)
for (name in names(means)) for (measure in c("SMD", if (name == "normand1999") "MD", if (name == "curtis1998") "ROM"))
  sets[[paste0(name, "_", measure)]] <- effects(escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = means[[name]]))
proportions <- list(pritz1997 = dat.pritz1997, hannum2020 = dat.hannum2020, debruin2009 = dat.debruin2009)
for (name in names(proportions)) for (measure in c("PLO", if (name == "pritz1997") "PFT"))
  sets[[paste0(name, "_", measure)]] <- effects(suppressWarnings(escalc(measure, xi = xi, ni = ni, data = proportions[[name]])))
rates <- list(hart1999 = dat.hart1999, nielweise2008 = dat.nielweise2008)
for (name in names(rates)) sets[[name]] <- effects(escalc("IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = rates[[name]]))
sets$bonett2010 <- effects(escalc("ABT", ai = ai, mi = mi, ni = ni, data = dat.bonett2010))
sets$bornmann2007 <- effects(escalc("OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, data = dat.bornmann2007))
sets$bourassa1996 <- effects(suppressWarnings(escalc("OR", ai = lh.le, bi = lh.re, ci = rh.le, di = rh.re, data = dat.bourassa1996)))
sets$kearon1998 <- effects(escalc("PLO", xi = tp, ni = np, data = dat.kearon1998))
sets$woods2010 <- effects(escalc("PLO", xi = r, ni = N, data = subset(as.data.frame(dat.woods2010), TRUE)))
sets$senn2013 <- effects(escalc("MN", mi = mi, sdi = sdi, ni = ni, data = dat.senn2013))
sets$aloe2013 <- effects(with(dat.aloe2013, escalc("SPCOR", ti = tval, ni = n, mi = preds, r2i = R2)))
sets <- Filter(function(s) length(s$yi) >= 3 && length(s$yi) <= 200, sets)
