# Prints, as JSON, robust variance estimation by robumeta (small-sample correction on) with the weights behind it, and the
# same by clubSandwich: correlated and hierarchical effects weights, with and without moderators.
suppressMessages({library(robumeta); library(clubSandwich); library(metadat); library(jsonlite)})
data(corrdat, package = "robumeta"); data(hierdat, package = "robumeta")
konst <- with(dat.konstantopoulos2011, data.frame(effectsize = as.numeric(yi), var = as.numeric(vi), studyid = district))
assink <- with(dat.assink2016, data.frame(effectsize = as.numeric(yi), var = as.numeric(vi), studyid = study))
one <- function(formula, data, weights, rho = 0.8) {
  data$cluster <- data$studyid
  fit <- suppressWarnings(robu(formula, data = data, studynum = cluster, var.eff.size = var, rho = rho, modelweights = weights, small = TRUE))
  cr2 <- coef_test(fit, vcov = "CR2", test = "Satterthwaite")
  full <- fit$data.full
  list(yi = full$effect.size, vi = full$var.eff.size, correlated = weights == "CORR", rho = rho, tau2 = as.numeric(fit$mod_info$tau.sq)[1], omega2 = as.numeric(c(fit$mod_info$omega.sq, 0))[1],
        cluster = full$study, weights = full$r.weights, design = unname(as.matrix(fit$Xreg)),
       estimate = fit$reg_table$b.r, se = fit$reg_table$SE, df = fit$reg_table$dfs, ci_low = fit$reg_table$CI.L, ci_high = fit$reg_table$CI.U,
       p = fit$reg_table$prob, club_se = cr2$SE, club_df = if (is.null(cr2$df_Satt)) cr2$df else cr2$df_Satt)
}
cat(toJSON(list(
  corrdat = one(effectsize ~ 1, corrdat, "CORR"),
  "corrdat with moderators" = one(effectsize ~ males + college + binge, corrdat, "CORR"),
  hierdat = one(effectsize ~ 1, hierdat, "HIER"),
  "hierdat with moderators" = one(effectsize ~ binge + followup + sreport + age, hierdat, "HIER"),
  konstantopoulos2011 = one(effectsize ~ 1, konst, "HIER"),
  assink2016 = one(effectsize ~ 1, assink, "CORR", 0.6),
  "assink2016, hierarchical" = one(effectsize ~ 1, assink, "HIER")
), auto_unbox = TRUE, digits = I(17)))
