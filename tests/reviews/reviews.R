# Writes <review>/studies.csv (facts of published tables, as metadat has them; that of a tutorial in examples/, with the names of
# its arms) and <review>/expected.tsv: what metafor
# prints, to the four digits of its default. Each `call` is that of the page of metafor-project.org or of the help page
# of the dataset that save() names, with the tolerances tightened: left at its defaults, metafor prints an I2 of 41.86 %
# for Raudenbush (1985), where the maximum of the likelihood has 41.85 %. Run in this folder: Rscript reviews.R
suppressMessages({library(metafor); library(metadat)})
options(warn = -1)
rma <- function(...) {
  call <- match.call()
  call[[1]] <- quote(metafor::rma)
  call$control <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-15)
  eval(call, parent.frame())
}

shown <- function(x) formatC(unname(x), format = "f", digits = 4)
rows <- list()
expect <- function(analysis, quantity, value) rows[[length(rows) + 1]] <<- c(analysis, quantity, shown(value))
line <- function(analysis, fit, part = "random") {
  for (name in c(estimate = "beta", se = "se", ci_low = "ci.lb", ci_high = "ci.ub", p = "pval"))
    expect(analysis, paste0(part, ".", c(beta = "estimate", se = "se", ci.lb = "ci_low", ci.ub = "ci_high", pval = "p")[[name]]), fit[[name]][1])
}
homogeneity <- function(analysis, fit) {
  expect(analysis, "common.Q", fit$QE)
  expect(analysis, "common.Q_p", fit$QEp)
}
stratified <- function(analysis, fit) {
  line(analysis, fit, "common")
  homogeneity(analysis, fit)
}
random <- function(analysis, fit) {
  line(analysis, fit)
  expect(analysis, "heterogeneity.tau2", fit$tau2)
  expect(analysis, "heterogeneity.I2", fit$I2)
  expect(analysis, "heterogeneity.H2", fit$H2)
  expect(analysis, "heterogeneity.Q", fit$QE)
  expect(analysis, "heterogeneity.p", fit$QEp)
  limits <- predict(fit)
  expect(analysis, "prediction.low", limits$pi.lb)
  expect(analysis, "prediction.high", limits$pi.ub)
  interval <- confint(fit, control = list(tol = 1e-14, maxiter = 10000, tau2.max = 1e6))$random
  expect(analysis, "heterogeneity.tau2_low", interval["tau^2", "ci.lb"])
  expect(analysis, "heterogeneity.tau2_high", interval["tau^2", "ci.ub"])
}
regression <- function(analysis, fit) {
  for (i in seq_along(fit$beta)) {
    for (name in list(c("estimate", "beta"), c("se", "se"), c("ci_low", "ci.lb"), c("ci_high", "ci.ub"), c("p", "pval")))
      expect(analysis, paste0("moderators.coefficients.", i - 1, ".", name[1]), fit[[name[2]]][i])
  }
  for (name in list(c("tau2", "tau2"), c("QE", "QE"), c("QE_p", "QEp"), c("QM", "QM"), c("QM_p", "QMp"), c("R2", "R2"), c("I2", "I2")))
    expect(analysis, paste0("moderators.", name[1]), fit[[name[2]]])
}
places <- function(analysis, found) {
  for (i in seq_along(found$pred)) {
    for (name in list(c("estimate", "pred"), c("se", "se"), c("ci_low", "ci.lb"), c("ci_high", "ci.ub"), c("pi_low", "pi.lb"), c("pi_high", "pi.ub")))
      expect(analysis, paste0("moderators.at.", i - 1, ".", name[1]), found[[name[2]]][i])
  }
}
contrasts <- function(analysis, found) {
  for (i in seq_along(found$Xb)) {
    for (name in list(c("estimate", "Xb"), c("se", "se"), c("statistic", "zval"), c("p", "pval")))
      expect(analysis, paste0("moderators.contrasts.", i - 1, ".", name[1]), found[[name[2]]][i])
  }
}
permuted <- function(analysis, pooled, moderated) {
  expect(analysis, "permutation.p", permutest(pooled, exact = TRUE, progbar = FALSE)$pval)
  found <- permutest(moderated, exact = TRUE, progbar = FALSE)
  for (i in seq_along(found$pval)) expect(analysis, paste0("moderators.coefficients.", i - 1, ".p_permutation"), found$pval[i])
  expect(analysis, "moderators.permutation.QM_p", found$QMp)
}
# a meta-regression of dependent effects, cluster-robust; a coefficient that one study decides by its estimate alone
dependent <- function(analysis, fit, cluster, without = NULL) {
  found <- robust(fit, cluster = cluster, clubSandwich = TRUE)
  for (i in seq_along(fit$beta)) {
    place <- paste0("moderators.coefficients.", i - 1, ".")
    expect(analysis, paste0(place, "estimate"), fit$beta[i])
    if (!rownames(fit$beta)[i] %in% without)
      for (name in list(c("se", "se"), c("df", "dfs"), c("ci_low", "ci.lb"), c("ci_high", "ci.ub"), c("p", "pval")))
        expect(analysis, paste0(place, name[1]), found[[name[2]]][i])
    for (name in list(c("se", "se"), c("ci_low", "ci.lb"), c("ci_high", "ci.ub"), c("p", "pval")))
      expect(analysis, paste0("moderators.alternatives.wald.coefficients.", i - 1, ".", name[1]), fit[[name[2]]][i])
  }
  for (name in list(c("QE", "QE"), c("QE_p", "QEp"), c("alternatives.wald.QM", "QM"), c("alternatives.wald.QM_p", "QMp")))
    expect(analysis, paste0("moderators.", name[1]), fit[[name[2]]])
  expect(analysis, "moderators.tau2_between", fit$sigma2[1])
  expect(analysis, "moderators.tau2_within", fit$sigma2[2])
  if (is.null(without)) {
    expect(analysis, "moderators.QM", found$QM)
    expect(analysis, "moderators.QM_p", found$QMp)
  }
}
subtotals <- function(analysis, found, test, order) {
  for (i in seq_along(order)) {
    place <- paste0("subgroups.levels.", i - 1, ".random.")
    for (name in list(c("estimate", "beta"), c("se", "se"), c("ci_low", "ci.lb"), c("ci_high", "ci.ub"), c("p", "pval")))
      expect(analysis, paste0(place, name[1]), found[[name[2]]][order[i]])
  }
  for (name in list(c("Q", "Fstat"), c("df2", "df_denom"), c("p", "p_val"))) expect(analysis, paste0("subgroups.test.", name[1]), test[[name[2]]])
}
save <- function(folder, page, data, columns = names(data), example = NULL, ...) {
  dir.create(folder, showWarnings = FALSE)
  place <- if (is.null(example)) folder else file.path("../../examples", example, "config")
  utils::write.csv(cbind(as.data.frame(data)[columns], ...), file.path(place, "studies.csv"), row.names = FALSE, na = "NA")
  table <- do.call(rbind, rows)
  out <- file(file.path(folder, "expected.tsv"), "w")
  writeLines(c(paste("#", page), "analysis\tquantity\texpected", apply(table, 1, paste, collapse = "\t")), out)
  close(out)
  rows <<- list()
}

# 1 -- vaccination against tuberculosis: the first example of the package
d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
random("reml", rma(yi, vi, data = d))
random("knapp_hartung", rma(yi, vi, data = d, test = "knha"))
random("equal", rma(yi, vi, data = d, method = "DL"))
regression("latitude_and_year", rma(yi, vi, mods = ~ ablat + year, data = d))
fit <- rma(yi, vi, mods = ~ ablat + alloc, data = d)
regression("latitude_and_allocation", fit)
places("latitude_and_allocation", predict(fit, newmods = rbind(c(33.46, 1, 0), c(13, 0, 1))))
contrasts("latitude_and_allocation", anova(fit, X = rbind(c(0, 10, 0, 0), c(0, 0, 1, -1))))
pooled <- rma(yi, vi, data = d, method = "DL")
permuted("allocation_by_permutation", pooled, rma(yi, vi, mods = ~ alloc, data = d, method = "DL"))
below <- function(threshold) pnorm((log(threshold) - pooled$beta) / sqrt(pooled$tau2 + pooled$se^2))
for (i in 0:1) expect("allocation_by_permutation", paste0("beyond.", i, ".probability"), below(c(0.5, 0.8)[i + 1]))
expect("allocation_by_permutation", "beyond.2.probability", 1 - below(1))
regression("by_knapp_hartung", rma(yi, vi, mods = ~ ablat, data = d, test = "knha"))
stratified("mantel_haenszel", rma.mh(tpos, tneg, cpos, cneg, data = dat.bcg, measure = "RR"))
stratified("mantel_haenszel_or", rma.mh(tpos, tneg, cpos, cneg, data = dat.bcg, measure = "OR"))
stratified("mantel_haenszel_rd", rma.mh(tpos, tneg, cpos, cneg, data = dat.bcg, measure = "RD"))
save("bcg", "metafor 3.8-1, help of dat.bcg: rma(), rma(test = \"knha\"), rma(method = \"DL\"), rma(mods = ), rma.mh(); Colditz et al. 1994",
     dat.bcg, c("trial", "author", "year", "tpos", "tneg", "cpos", "cneg", "ablat", "alloc"), "two_by_two", experimental = "BCG", control = "No BCG")

# 2 -- length of stay in hospital after a stroke
random("stay", rma(yi, vi, data = escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)))
random("standardised", rma(yi, vi, data = escalc("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)))
save("normand1999", "metafor 3.8-1, page Normand (1999) and help of dat.normand1999: rma(yi, vi) of MD and SMD", dat.normand1999, example = "means", experimental = "Specialist care", control = "Routine care")

# 3 -- lidocaine after myocardial infarction
d <- escalc("RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.hine1989)
random("mortality", rma(yi, vi, data = d, method = "DL"))
stratified("mantel_haenszel", rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.hine1989, measure = "RD"))
save("hine1989", "metafor 3.8-1, help of dat.hine1989 (page Normand 1999): rma(method = \"DL\"), rma.mh(measure = \"RD\")", dat.hine1989)

# 4 -- writing to learn
random("all", rma(yi, vi, data = dat.bangertdrowns2004))
d <- dat.bangertdrowns2004
regression("moderated", rma(yi, vi, mods = ~ length + wic + feedback + info + pers + imag + meta, data = d))
save("bangertdrowns2004", "metafor 3.8-1, help of dat.bangertdrowns2004: rma(yi, vi), rma(mods = )", d,
     c("id", "author", "year", "length", "wic", "feedback", "info", "pers", "imag", "meta", "yi", "vi"))

# 5 -- what teachers expect of pupils
d <- dat.raudenbush1985
d$weeks_c <- ifelse(d$weeks > 3, 3, d$weeks)
d$experiment <- paste(d$author, d$year)
twice <- d$experiment %in% d$experiment[duplicated(d$experiment)]
d$experiment[twice] <- paste0(d$experiment[twice], letters[seq_len(sum(twice))])
random("all", rma(yi, vi, data = d))
regression("weeks_of_contact", rma(yi, vi, mods = ~ weeks_c, data = d))
save("raudenbush1985", "metafor 3.8-1, page Raudenbush (2009): rma(yi, vi), rma(mods = ~ weeks.c)", d, c("study", "experiment", "year", "weeks_c", "yi", "vi"), "meta_regression", experimental = "High expectation", control = "Control")

# 6 -- schools within districts
fit <- rma.mv(yi, vi, random = ~ 1 | district/school, data = dat.konstantopoulos2011)
expect("three_levels", "random.estimate", fit$beta)
expect("three_levels", "alternatives.wald.se", fit$se)
expect("three_levels", "alternatives.wald.ci_low", fit$ci.lb)
expect("three_levels", "alternatives.wald.ci_high", fit$ci.ub)
expect("three_levels", "heterogeneity.tau2_between", fit$sigma2[1])
expect("three_levels", "heterogeneity.tau2_within", fit$sigma2[2])
expect("three_levels", "heterogeneity.Q", fit$QE)
expect("three_levels", "heterogeneity.p", fit$QEp)
save("konstantopoulos2011", "metafor 3.8-1, page Konstantopoulos (2011): rma.mv(random = ~ 1 | district/school)", dat.konstantopoulos2011, c("district", "school", "yi", "vi"), "dependent_effects", experimental = "Modified calendar", control = "Traditional calendar")

# 7 -- beta blockers after myocardial infarction
stratified("mortality", rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.yusuf1985, subset = (table == "6")))
d <- subset(dat.yusuf1985, table == "6" & !is.na(ai))
save("yusuf1985", "metafor 3.8-1, page Yusuf et al. (1985) and help of dat.yusuf1985: rma.peto(subset = (table == \"6\"))", d, c("id", "trial", "ai", "n1i", "ci", "n2i"))

# 8 -- infections by antiseptic-coated catheters: rates
random("infections", rma(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = dat.nielweise2008))
stratified("mantel_haenszel", rma.mh(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = dat.nielweise2008))
save("nielweise2008", "metafor 3.8-1, page Stijnen et al. (2010) and help of dat.nielweise2008: rma(measure = \"IRR\"), rma.mh()", dat.nielweise2008)

# 9 -- conscientiousness and taking one's medicine
random("adherence", rma(yi, vi, data = escalc("ZCOR", ri = ri, ni = ni, data = dat.molloy2014)))
save("molloy2014", "metafor 3.8-1, help of dat.molloy2014: rma(yi, vi) of ZCOR", dat.molloy2014, c("authors", "year", "ni", "ri"), "correlations")

# 10 -- diuretics in pregnancy
for (method in c("ML", "DL")) random(tolower(method), rma(measure = "OR", ai = pre.xti, n1i = pre.nti, ci = pre.xci, n2i = pre.nci, data = dat.collins1985b, method = method))
save("collins1985b", "metafor 3.8-1, help of dat.collins1985b: rma(measure = \"OR\", method = \"ML\" and \"DL\"); Collins et al. 1985", dat.collins1985b, c("id", "author", "year", "pre.nti", "pre.nci", "pre.xti", "pre.xci"))

# 11 -- several correlated effects of a study
V <- vcalc(vi, cluster = study, obs = esid, data = dat.assink2016, rho = 0.6)
fit <- rma.mv(yi, V, random = ~ 1 | study/esid, data = dat.assink2016)
line("correlated", robust(fit, cluster = study, clubSandwich = TRUE))
expect("correlated", "heterogeneity.tau2_between", fit$sigma2[1])
expect("correlated", "heterogeneity.tau2_within", fit$sigma2[2])
random("aggregated", rma(yi, vi, data = aggregate(escalc(yi = yi, vi = vi, data = dat.assink2016), cluster = study, rho = 0.6)))
d <- dat.assink2016
d$since <- d$year
d$deltype <- relevel(factor(d$deltype), ref = "general")
dependent("by_year", rma.mv(yi, V, mods = ~ since, random = ~ 1 | study/esid, data = d), d$study)
dependent("by_year_and_type", rma.mv(yi, vi, mods = ~ since + deltype, random = ~ 1 | study/esid, data = d), d$study, without = "deltypecovert")
published <- factor(d$pubstatus)
joint <- rma.mv(yi, V, mods = ~ 0 + published, random = ~ 1 | study/esid, data = d)
subtotals("published_or_not", robust(joint, cluster = d$study, clubSandwich = TRUE), clubSandwich::Wald_test(joint, constraints = clubSandwich::constrain_equal(1:2), vcov = "CR2", cluster = d$study), order = match(unique(published), levels(published)))
save("assink2016", "metafor 3.8-1, help of dat.assink2016, vcalc(), robust(clubSandwich = TRUE) and aggregate.escalc()", d, c("study", "esid", "yi", "vi", "since", "deltype", "pubstatus"))

# 12 -- rebleeding of aneurysms: one group
random("rebleeding", rma(yi, vi, data = escalc("PLO", xi = xi, ni = ni, data = dat.pritz1997)))
save("pritz1997", "metafor 3.8-1, help of dat.pritz1997: rma(yi, vi) of PLO", dat.pritz1997, example = "proportions")

# 13 -- tables with zeros
line("mantel_haenszel", rma.mh(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007), "common")
stratified("corrected", rma.mh(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007, add = c(1/2, 1/2), to = c("only0", "only0"), drop00 = c(TRUE, TRUE)))
line("risk_ratio", rma.mh(measure = "RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007), "common")
line("risk_difference", rma.mh(measure = "RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007), "common")
random("inverse_variance", rma(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.nielweise2007, drop00 = TRUE))
save("nielweise2007", "metafor 3.8-1, page Stijnen et al. (2010) and help of dat.nielweise2007: rma.mh() with and without add, rma()", dat.nielweise2007, example = "rare_events", experimental = "Anti-infective catheters", control = "Standard catheters", design = "randomised")

# 14 -- bloodstream infections under standard catheters: rates of one group
d <- dat.nielweise2008
names(d)[names(d) %in% c("x2i", "t2i")] <- c("xi", "ti")
for (measure in c("IRLN", "IRS")) random(tolower(measure), rma(yi, vi, data = escalc(measure, xi = xi, ti = ti, data = d)))
save("nielweise2008_rates", "metafor 3.8-1, rma(yi, vi) of IRLN and IRS; the control arms of dat.nielweise2008", d, c("study", "authors", "year", "xi", "ti"))

# 15 -- length of stay in routine care after a stroke: means of one group
d <- dat.normand1999
names(d)[names(d) %in% c("m2i", "sd2i", "n2i")] <- c("ni", "mi", "sdi")
for (measure in c("MN", "MNLN")) random(tolower(measure), rma(yi, vi, data = escalc(measure, mi = mi, sdi = sdi, ni = ni, data = d)))
save("normand1999_means", "metafor 3.8-1, rma(yi, vi) of MN and MNLN; the routine care of dat.normand1999", d, c("study", "source", "mi", "sdi", "ni"))

# 16 -- help to stop smoking: studies of two and three arms, each arm by name
arms_of <- function(d) paste(sprintf("  %s: {treatment: %s, n: %d}", d$trt, gsub("_", " ", d$trt), d$ni), collapse = "\n")
counts_of <- function(d) paste(sprintf("%s: {events: %d, n: %d}", d$trt, d$xi, d$ni), collapse = ", ")
save_records <- function(folder, page, data) {
  dir.create(file.path(folder, "studies"), recursive = TRUE, showWarnings = FALSE)
  for (d in split(data, data$study)) {
    id <- paste0(gsub(" .*", "", d$authors[1]), d$year[1])
    record <- sprintf("study: %s\nlabel: %s %s\nyear: %s\ndesign: randomised\narms:\n%s\nreports:\n  hasselblad: {citation: 'Hasselblad V (1998), Med Decis Making 18:37-43'}\noutcomes:\n  cessation:\n    reported:\n      - statistic: arm_counts\n        arms: {%s}\n        source: {report: hasselblad, at: Table 1}",
      id, d$authors[1], d$year[1], d$year[1], arms_of(d), counts_of(d))
    writeLines(record, file.path(folder, "studies", paste0(id, ".yaml")))
  }
  save(folder, page, data)
  file.remove(file.path(folder, "studies.csv"))
}
d <- subset(dat.hasselblad1998, study %in% c(1:4, 6:7, 9:11, 16:17))
d$study <- factor(d$study)
d$counselled <- d$trt %in% c("ind_counseling", "grp_counseling")
two_arms <- function(d, measure, experimental, control) {
  sums <- function(part) aggregate(cbind(xi, ni) ~ study, data = d[part, ], FUN = sum)
  both <- merge(sums(d$trt %in% experimental), sums(d$trt %in% control), by = "study", suffixes = c("", ".c"))
  escalc(measure, ai = xi, n1i = ni, ci = xi.c, n2i = ni.c, data = both)
}
random("individual", rma(yi, vi, data = two_arms(d, "OR", "ind_counseling", "no_contact")))
random("turned", rma(yi, vi, data = two_arms(d, "OR", "no_contact", "ind_counseling")))
counselling <- c("ind_counseling", "grp_counseling")
minimal <- c("no_contact", "self_help")
random("combined", rma(yi, vi, data = two_arms(d, "RR", counselling, minimal)))
rows_of <- function(treatment) cbind(two_arms(d, "OR", treatment, minimal), treatment)
pairs <- rbind(rows_of("ind_counseling"), rows_of("grp_counseling"))
pairs <- pairs[order(pairs$study, pairs$treatment != "ind_counseling"), ]
V <- diag(pairs$vi)
for (i in seq_len(nrow(pairs))) for (j in seq_len(nrow(pairs)))
  if (i != j && pairs$study[i] == pairs$study[j]) V[i, j] <- 1 / pairs$xi.c[i] + 1 / (pairs$ni.c[i] - pairs$xi.c[i])
pairs$effect <- seq_len(nrow(pairs))
fit <- rma.mv(yi, V, random = ~ 1 | study/effect, data = pairs, control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15))
line("separate", robust(fit, cluster = study, clubSandwich = TRUE))
expect("separate", "heterogeneity.tau2_between", fit$sigma2[1])
expect("separate", "heterogeneity.tau2_within", fit$sigma2[2])
random("aggregated", rma(yi, vi, data = aggregate(pairs, cluster = study, V = V)))
save_records("hasselblad1998", "metafor 3.8-1, escalc(), rma(), rma.mv() and aggregate(V = V) of dat.hasselblad1998, eleven of its studies; V with the variance of the shared arm", d)

# 18 -- coaching for the two parts of a test: several outcomes
d <- dat.kalaian1996
d$outcome <- factor(d$outcome, levels = c("verbal", "math"))
d$region <- c("north", "south", "west")[as.integer(factor(d$study, levels = unique(d$study))) %% 3 + 1]
V <- vcalc(vi, cluster = study, type = outcome, rho = 0.5, data = d)
outcomes <- function(analysis, fit, by = fit) {
  for (i in 1:2) {
    for (name in c(estimate = "beta", se = "se", ci_low = "ci.lb", ci_high = "ci.ub", p = "pval"))
      expect(analysis, paste0("outcomes.", i - 1, ".random.", c(beta = "estimate", se = "se", ci.lb = "ci_low", ci.ub = "ci_high", pval = "p")[[name]]), by[[name]][i])
    expect(analysis, paste0("outcomes.", i - 1, ".tau2"), rep_len(fit$tau2, 2)[i])
  }
  expect(analysis, "heterogeneity.Q", fit$QE)
  expect(analysis, "heterogeneity.p", fit$QEp)
  expect(analysis, "heterogeneity.log_likelihood", logLik(fit))
}
fit <- function(struct, random = ~ outcome | study, ...) rma.mv(yi, V, mods = ~ outcome - 1, random = random, struct = struct, data = d, control = list(rel.tol = 1e-10), ...)
outcomes("unstructured", fit("UN"))
outcomes("by_ml", fit("UN", method = "ML"))
outcomes("regions", fit("DIAG", list(~ outcome | study, ~ 1 | region)))
one <- fit("CS")
outcomes("clusters", one, robust(one, cluster = study, clubSandwich = TRUE))
save("kalaian1996", "metafor 3.8-1, help of dat.kalaian1996: rma.mv(mods = ~ outcome - 1, random = ~ outcome | study), with rho = 0.5 in vcalc()", d, c("study", "outcome", "yi", "vi", "region"))
