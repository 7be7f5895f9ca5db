# Prints, as JSON, three-level meta-regressions by rma.mv() with robust(clubSandwich = TRUE), and subgroups of dependent
# effects with clubSandwich's test of differences, on datasets of metadat.
suppressMessages({library(metafor); library(metadat); library(clubSandwich); library(jsonlite)})
tight <- list(rel.tol = 1e-12, x.tol = 1e-12, iter.max = 10000, eval.max = 10000)
konst <- dat.konstantopoulos2011; konst$year_c <- konst$year - 1990
assink <- dat.assink2016; assink$deltype <- relevel(factor(assink$deltype), ref = "general")
knapp <- dat.knapp2017
case <- function(data, study, formula) {
  frame <- data.frame(yi = as.numeric(data$yi), vi = as.numeric(data$vi), study = as.character(data[[study]]))
  frame <- cbind(frame, data[all.vars(formula)])
  list(frame = frame[complete.cases(frame), ], formula = formula)
}
cases <- list(
  "konstantopoulos2011 on year" = case(konst, "district", ~ year_c),
  "assink2016 on year" = case(assink, "study", ~ year),
  "assink2016 on type" = case(assink, "study", ~ deltype),
  "assink2016 on both" = case(assink, "study", ~ year + deltype),
  "knapp2017 on difficulty" = case(knapp, "study", ~ difficulty),
  "berkey1998 on outcome and year" = case(dat.berkey1998, "trial", ~ outcome + year),
  "tannersmith2016 on age" = case(dat.tannersmith2016, "studyid", ~ aget1 + propmale)
)
covariance <- function(d, rho, by = d$study) {
  V <- outer(d$vi, d$vi, function(a, b) rho * sqrt(a * b)) * outer(by, by, "==")
  diag(V) <- d$vi
  V
}
# nlminb() gives up on some of these at any tolerance; then Nelder-Mead and quasi-Newton steps find the maximum
optimizers <- list(tight, list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 10000), list(optimizer = "Nelder-Mead", reltol = 1e-15, maxit = 10000))
fit_mv <- function(...) {
  for (control in optimizers) {
    fit <- suppressWarnings(tryCatch(rma.mv(..., sparse = FALSE, control = control), error = function(e) NULL))
    if (!is.null(fit)) return(fit)
  }
  stop("no optimizer converges")
}
regression <- function(case) {
  d <- case$frame; d$esid <- seq_len(nrow(d))
  models <- list()
  for (rho in c(0, 0.6)) for (method in c("REML", "ML")) {
    V <- covariance(d, rho)
    fit <- fit_mv(d$yi, V, mods = case$formula, random = ~ 1 | study/esid, data = d, method = method)
    cr2 <- robust(fit, cluster = d$study, clubSandwich = TRUE)
    cr1 <- robust(fit, cluster = d$study)
    P <- solve(V) - solve(V) %*% fit$X %*% solve(t(fit$X) %*% solve(V) %*% fit$X) %*% t(fit$X) %*% solve(V)
    models[[paste(method, rho)]] <- list(rho = rho, method = method, sigma2 = fit$sigma2, ll = as.numeric(logLik(fit)),
      estimate = c(fit$beta), se = fit$se, QE = fit$QE, QE_p = fit$QEp, QM = fit$QM, QM_p = fit$QMp,
      I2 = 100 * sum(fit$sigma2) / (sum(fit$sigma2) + (fit$k - fit$p) / sum(diag(P))),
      cr2_se = cr2$se, cr2_df = cr2$dfs, cr2_p = cr2$pval, cr2_low = cr2$ci.lb, cr2_high = cr2$ci.ub,
      htz = cr2$QM, htz_df = cr2$QMdf, htz_p = cr2$QMp,
      cr1_se = cr1$se, cr1_p = cr1$pval, cr1_F = cr1$QM, cr1_df = cr1$QMdf, cr1_Fp = cr1$QMp)
  }
  list(yi = d$yi, vi = d$vi, study = d$study, design = unname(fit$X), models = models)
}
# levels by a moderator that is constant within studies (year in two halves) and one that varies within them (type)
assink$half <- ifelse(ave(assink$year, assink$study) > 0, "late", "early")
subgroups <- function(by, rho) {
  from <- assink[assink[[by]] != "covert", ]  # of one study, which no cluster-robust test can take
  d <- data.frame(yi = from$yi, vi = from$vi, study = from$study, level = factor(from[[by]], levels = unique(from[[by]])), esid = seq_along(from$yi))
  joint <- fit_mv(d$yi, covariance(d, rho), mods = ~ 0 + level, random = ~ 1 | study/esid, data = d)
  apart <- fit_mv(d$yi, covariance(d, rho, paste(d$study, d$level)), mods = ~ 0 + level, random = list(~ level | study, ~ level | esid), struct = "DIAG", data = d)
  differ <- constrain_equal(seq_len(nlevels(d$level)))
  shown <- function(fit) {
    test <- Wald_test(fit, constraints = differ, vcov = "CR2", cluster = d$study)
    list(F = test$Fstat, df = test$df_num, df2 = test$df_denom, p = test$p_val, estimate = c(fit$beta))
  }
  own <- lapply(levels(d$level), function(name) {
    inside <- d[d$level == name, ]
    fit <- robust(fit_mv(inside$yi, covariance(inside, rho), random = ~ 1 | study/esid, data = inside), cluster = inside$study, clubSandwich = TRUE)
    list(level = name, k = fit$k, estimate = c(fit$beta), se = fit$se, df = fit$dfs, ci_low = fit$ci.lb, ci_high = fit$ci.ub, sigma2 = fit$sigma2, Q = fit$QE)
  })
  line <- robust(joint, cluster = d$study, clubSandwich = TRUE)
  list(rho = rho, yi = d$yi, vi = d$vi, study = d$study, level = as.character(d$level), levels = own, separate = shown(apart),
       common = c(shown(joint), list(se = line$se, dfs = line$dfs, sigma2 = joint$sigma2)))
}
cat(toJSON(list(
  regression = lapply(cases, regression),
  subgroups = list("by half" = subgroups("half", 0.6), "by type" = subgroups("deltype", 0.6), "by type, independent" = subgroups("deltype", 0))
), auto_unbox = TRUE, digits = I(17)))
