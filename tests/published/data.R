# Writes <data set>/studies.csv: facts of published tables as metadat 1.2 has them, with the columns that the analyses of
# config.yaml read and no others; rows without a number that is read are left out. Run in this folder: Rscript data.R
suppressMessages({library(metafor); library(metadat)})
put <- function(.folder, .data, ..., label = NULL, study = seq_len(nrow(.data)), year = .data$year) {
  columns <- eval(substitute(data.frame(..., check.names = FALSE)), .data, parent.frame())
  out <- data.frame(study = study)
  if (!is.null(label)) out$label <- trimws(gsub("\\s+", " ", as.character(label)))
  if (!is.null(year)) out$year <- year
  out <- cbind(out, columns)
  out <- out[stats::complete.cases(columns), ]
  dir.create(.folder, showWarnings = FALSE)
  write.csv(out, file.path(.folder, "studies.csv"), row.names = FALSE, quote = which(sapply(out, function(x) is.character(x) || is.factor(x))))
}

put("aloe2013", dat.aloe2013, t = tval, n = n, predictors = preds, r2 = R2, preds = preds, label = dat.aloe2013$study)
put("anand1999", dat.anand1999, intensity, aspirin = c("neither", "control", "both")[1 + asp.c + asp.t], ai, n1i, ci, n2i, label = dat.anand1999$study)
d <- dat.assink2016
put("assink2016", d, esid, yi, vi, since = year, deltype, pubstatus, study = d$study, year = NULL)
d <- dat.baskerville2012
put("baskerville2012", d, yi = smd, sei = se, score, duration, tailor, label = d$author)
d <- dat.begg1989
both <- d[1:8, ]
e <- both$trt == "BMT"
put("begg1989", data.frame(yi = round(both$yi[e] - both$yi[!e], 10), vi = both$vi[e] + both$vi[!e], study = both$study[e]), yi, vi)
d <- dat.bornmann2007
put("bornmann2007", d, obs, type, ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, study = d$study, year = NULL)
d <- subset(dat.bourassa1996, sex == "combined")
put("bourassa1996", d, ai = lh.le, bi = lh.re, ci = rh.le, di = rh.re, label = d$author)
d <- dat.cannon2006
put("cannon2006", d, ai = ep1t, n1i = nt, ci = ep1c, n2i = nc, label = d$trial, year = NULL)
put("cohen1981", dat.cohen1981, ri, ni, label = dat.cohen1981$study, year = NULL)
d <- dat.collins1985a
long <- do.call(rbind, lapply(c(b = "rebleeding", o = "operation", d = "death"), function(x) x) |> names() |> lapply(function(k)
  data.frame(id = d$id, trial = d$trial, year = d$year, outcome = c(b = "rebleeding", o = "operation", d = "death")[[k]],
    ai = d[[paste0(k, ".xti")]], n1i = d$nti, ci = d[[paste0(k, ".xci")]], n2i = d$nci)))
put("collins1985a", long, outcome, ai, n1i, ci, n2i, label = long$trial, study = long$id)
d <- dat.collins1985b
outcomes <- c(pre = "preeclampsia", ped = "perinatal death", stb = "stillbirth", ned = "neonatal death")
long <- do.call(rbind, lapply(names(outcomes), function(k) { g <- if (k == "pre") "pre" else "fup"
  data.frame(id = d$id, author = d$author, year = d$year, outcome = outcomes[[k]], oedema = ifelse(d$oedema == 1, "yes", "no"),
    ai = d[[paste0(k, ".xti")]], n1i = d[[paste0(g, ".nti")]], ci = d[[paste0(k, ".xci")]], n2i = d[[paste0(g, ".nci")]]) }))
put("collins1985b", long, outcome, oedema, ai, n1i, ci, n2i, label = long$author, study = long$id)
d <- dat.crede2010
put("crede2010", d, sampleid = paste0("s", sampleid), outcome = criterion, ri, ni, study = d$studyid, year = NULL)
d <- dat.curtis1998
put("curtis1998", d, m1i, sd1i, n1i, m2i, sd2i, n2i, year = NULL)
d <- dat.dagostino1998
long <- rbind(data.frame(study = d$study, outcome = d$outcome, m1i = d$mt, sd1i = d$sdt, n1i = d$nt, m2i = d$mc, sd2i = d$sdc, n2i = d$nc)[d$outcome %in% c("rnic1", "rnic2"), ])
put("dagostino1998", long, outcome, m1i, sd1i, n1i, m2i, sd2i, n2i, study = long$study, year = NULL)
d <- dat.damico2009
put("damico2009", d, ai = xt, n1i = nt, ci = xc, n2i = nc, label = d$study)
d <- dat.debruin2009
put("debruin2009", d, xi, ni, scq, ethnicity, patients, select, sens = ifelse(sens == "400", "to 400", "below 50"), label = d$author)
d <- dat.dorn2007
put("dorn2007", d, ai = x.a, n1i = n.a, ci = x.p, n2i = n.p, label = d$study)
d <- dat.egger2001
put("egger2001", d, ai, n1i, ci, n2i, trial = paste0("t", id), label = d$study)
d <- dat.frank2008
put("frank2008", d, ai = bc.ins.del, bi = bc.ins.ins, ci = ct.ins.del, di = ct.ins.ins, label = d$study)
d <- dat.gibson2002
put("gibson2002", d, ai, bi, ci, di, label = d$author)
d <- dat.graves2010
put("graves2010", d, ai, n1i, ci, n2i, label = d$study)
d <- dat.hackshaw1998
put("hackshaw1998", d, yi, vi, label = d$author)
d <- dat.hahn2001
put("hahn2001", d, ai, n1i, ci, n2i, label = d$study)
d <- dat.hannum2020
put("hannum2020", d, xi, ni, objectivity, label = d$authorName)
d <- dat.hart1999
put("hart1999", d, x1i, t1i, x2i, t2i, label = d$study)
d <- dat.hartmannboyce2018
put("hartmannboyce2018", d, ai = x.nrt, n1i = n.nrt, ci = x.ctrl, n2i = n.ctrl, treatment, label = d$study)
d <- subset(dat.knapp2017)
put("knapp2017", d, comparison = paste0("c", seq_len(nrow(d))), yi, vi, study = d$study, year = NULL)
d <- dat.landenberger2005
put("landenberger2005", d, ai = n.cbt.non, bi = n.cbt.rec, ci = n.ctrl.non, di = n.ctrl.rec, sessions, label = d$study)
d <- dat.laopaiboon2015
put("laopaiboon2015", d, ai, n1i, ci, n2i, label = d$author)
d <- dat.lau1992
put("lau1992", d, ai, n1i, ci, n2i, label = d$trial)
d <- dat.lee2004
put("lee2004", d, ai, n1i, ci, n2i, label = d$study)
d <- dat.lehmann2018
put("lehmann2018", d, yi, vi, gender = Gender, year = NULL, label = d$Short_Title)
d <- dat.li2007
put("li2007", d, ai, n1i, ci, n2i, trial = paste0("t", id), label = d$study)
d <- dat.linde2005[-c(5, 6, 26), ]
put("linde2005", d, ai, n1i, ci, n2i, group = paste0("g", group), label = d$study)
d <- dat.mcdaniel1994
put("mcdaniel1994", d, ri, ni, type = ifelse(is.na(type), "", type), struct = ifelse(is.na(struct), "", struct), label = d$study, year = NULL)
d <- dat.michael2013
put("michael2013", d, m1i = Brain_m, sd1i = Brain_s, n1i = Brain_n, m2i = No_brain_m, sd2i = No_brain_s, n2i = No_brain_n, critique = Included_Critique, label = d$Study, year = NULL)
d <- dat.nakagawa2007
put("nakagawa2007", d, ri = Correlation, ni = SampleSize, study = d$StudyID, year = NULL)
d <- to.wide(dat.pagliaro1992, study = "study", grp = "trt", grpvars = 3:4)
put("pagliaro1992", d, treatment = trt.1, ai = xi.1, n1i = ni.1, ci = xi.2, n2i = ni.2, year = NULL)
d <- dat.pignon2000
put("pignon2000", d, o_minus_e = OmE, v = V, group = paste0("g", grp), statistic = "logrank", label = d$trial, year = NULL)
d <- dat.riley2003
put("riley2003", d, outcome, yi, sei, study = d$study, year = NULL)
d <- dat.tannersmith2016
d$aget1 <- ave(d$aget1, d$studyid); d$aget2 <- ave(d$aget2, d$studyid)
put("tannersmith2016", d, esid = paste0("e", seq_len(nrow(d))), yi, vi, aget1, aget2, study = d$studyid, year = NULL)
d <- dat.vanhowe1999
put("vanhowe1999", d, category, ai = non.pos, bi = non.neg, ci = cir.pos, di = cir.neg, label = d$study, year = NULL)
d <- dat.viechtbauer2021
put("viechtbauer2021", d, ai = xTi, n1i = nTi, ci = xCi, n2i = nCi, dose, trial = paste0("t", trial), year = NULL)
d <- dat.white2020
put("white2020", d, obs = paste0("o", obs), ri = r, ni = n, study = d$study_id, year = NULL)
d <- dat.axfors2021
put("axfors2021", d, drug = hcq_cq, ai = hcq_arm_event, n1i = hcq_arm_total, ci = control_arm_event, n2i = control_arm_total, label = d$id, year = NULL)
