# Writes survival.json: simulated trials with what survdiff, coxph and survfit of R's survival package give for them.
# Run from this folder: Rscript survival.R
suppressMessages({library(survival); library(jsonlite)})
set.seed(20070607, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

trial <- function(n_e, n_c, ratio, horizon) {
  arm <- rep(c(1, 0), c(n_e, n_c))
  event <- rexp(n_e + n_c, rate = 0.04 * ratio^arm)
  end <- runif(n_e + n_c, 12, 48)
  time <- round(pmin(event, end), 1) + 0.1
  status <- as.integer(event <= end)
  test <- survdiff(Surv(time, status) ~ arm)
  fit <- coxph(Surv(time, status) ~ arm, ties = "efron")
  curves <- survfit(Surv(time, status) ~ arm)
  means <- summary(curves, rmean = horizon)$table
  grid <- seq(0, 48.2, by = 0.1)
  read <- summary(curves, times = grid, extend = TRUE)
  at <- function(name, which) read[[name]][read$strata == paste0("arm=", which)]
  months <- seq(0, 48, by = 6)
  list(n_e = n_e, n_c = n_c, time = time, status = status, arm = arm, horizon = horizon,
       observed_e = test$obs[2], expected_e = test$exp[2], observed_c = test$obs[1], expected_c = test$exp[1],
       v = test$var[2, 2], chi2 = test$chisq, p = pchisq(test$chisq, 1, lower.tail = FALSE),
       coef = as.numeric(coef(fit)), se = sqrt(vcov(fit)[1, 1]),
       wald_p = summary(fit)$coefficients[1, "Pr(>|z|)"],
       rmean_e = means[2, "rmean"], rmean_c = means[1, "rmean"],
       rmean_se_e = means[2, "se(rmean)"], rmean_se_c = means[1, "se(rmean)"],
       grid = grid, survival_e = at("surv", 1), survival_c = at("surv", 0), at_risk_times = months,
       at_risk_e = at("n.risk", 1)[grid %in% months], at_risk_c = at("n.risk", 0)[grid %in% months])
}
result <- list(made_by = sprintf("survival %s, R %s", packageVersion("survival"), getRversion()),
               trials = list(equal = trial(60, 60, 0.7, 24), unequal = trial(80, 40, 0.6, 24), larger = trial(150, 150, 0.85, 30)))
writeLines(toJSON(result, auto_unbox = TRUE, digits = I(15)), "survival.json")
