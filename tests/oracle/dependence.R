# Prints, as JSON, three-level models by rma.mv() and cluster-robust inference by clubSandwich on datasets of metadat.
suppressMessages({library(metafor); library(metadat); library(clubSandwich); library(jsonlite)})
tight <- list(rel.tol = 1e-12, x.tol = 1e-12, iter.max = 10000, eval.max = 10000)
sets <- list(
  konstantopoulos2011 = with(dat.konstantopoulos2011, list(yi = as.numeric(yi), vi = as.numeric(vi), study = district)),
  assink2016 = with(dat.assink2016, list(yi = as.numeric(yi), vi = as.numeric(vi), study = study)),
  tannersmith2016 = with(dat.tannersmith2016, list(yi = as.numeric(yi), vi = as.numeric(vi), study = studyid)),
  knapp2017 = with(dat.knapp2017, list(yi = as.numeric(yi), vi = as.numeric(vi), study = study)),
  berkey1998 = with(dat.berkey1998, list(yi = as.numeric(yi), vi = as.numeric(vi), study = trial))
)
one <- function(s) {
  s$esid <- seq_along(s$yi)
  d <- as.data.frame(s)
  models <- list()
  for (rho in c(0, 0.6)) for (method in c("REML", "ML")) {
    V <- outer(seq_len(nrow(d)), seq_len(nrow(d)), Vectorize(function(i, j)
      if (i == j) s$vi[i] else if (s$study[i] == s$study[j]) rho * sqrt(s$vi[i] * s$vi[j]) else 0))
    fit <- tryCatch(suppressWarnings(rma.mv(yi, V, random = ~ 1 | study/esid, data = d, method = method, control = tight, sparse = FALSE)), error = function(e) suppressWarnings(rma.mv(yi, V, random = ~ 1 | study/esid, data = d, method = method)))
    cr2 <- as.data.frame(coef_test(fit, vcov = "CR2", cluster = d$study, test = "Satterthwaite"))
    cr1 <- robust(fit, cluster = d$study)
    models[[paste(method, rho)]] <- list(rho = rho, method = method, sigma2 = fit$sigma2, estimate = fit$beta[1], se = fit$se, ll = as.numeric(logLik(fit)),
      cr2_se = cr2$SE[1], cr2_df = if (is.null(cr2$df_Satt)) cr2$df[1] else cr2$df_Satt[1], cr1_se = cr1$se, cr1_low = cr1$ci.lb)
  }
  s$models <- models
  s
}
cat(toJSON(lapply(sets, one), auto_unbox = TRUE, digits = I(17)))
