# Writes docs/comparison.json: what metafor gives for the examples of docs/comparison.md, with its tolerances tightened.
# Run in the repository: Rscript docs/comparison.R > docs/comparison.json
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-15)
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
names(dat)[names(dat) == "ablat"] <- "latitude"
random <- function(fit) {
  limits <- predict(fit)
  interval <- confint(fit, control = list(tol = 1e-14, maxiter = 10000))$random
  list("random.estimate" = fit$beta[1], "random.se" = fit$se[1], "random.ci_low" = fit$ci.lb[1], "random.ci_high" = fit$ci.ub[1],
       "prediction.low" = limits$pi.lb[1], "prediction.high" = limits$pi.ub[1], "heterogeneity.tau2" = fit$tau2,
       "heterogeneity.tau2_low" = interval["tau^2", "ci.lb"], "heterogeneity.tau2_high" = interval["tau^2", "ci.ub"],
       "heterogeneity.I2" = fit$I2, "heterogeneity.Q" = fit$QE)
}
mantel_haenszel <- rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg, measure = "RR")
regression <- rma(yi, vi, mods = ~ latitude, data = dat, control = tight)
shown <- list(
  "rma(yi, vi, data = dat)" = random(rma(yi, vi, data = dat, control = tight)),
  "rma(yi, vi, data = dat, test = \"knha\")" = random(rma(yi, vi, data = dat, test = "knha", control = tight)),
  "rma(yi, vi, data = dat, method = \"PM\")" = random(rma(yi, vi, data = dat, method = "PM", control = tight)),
  "rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat, measure = \"RR\")" = list(
    "common.estimate" = mantel_haenszel$beta[1], "common.se" = mantel_haenszel$se, "common.ci_low" = mantel_haenszel$ci.lb,
    "common.ci_high" = mantel_haenszel$ci.ub),
  "rma(yi, vi, mods = ~ latitude, data = dat)" = list(
    "moderators.coefficients.0.estimate" = regression$beta[1], "moderators.coefficients.1.estimate" = regression$beta[2],
    "moderators.coefficients.1.se" = regression$se[2], "moderators.coefficients.1.p" = regression$pval[2],
    "moderators.QM" = regression$QM, "moderators.QE" = regression$QE, "moderators.R2" = regression$R2)
)
cat(toJSON(shown, digits = 10, auto_unbox = TRUE, pretty = 1), "\n")
