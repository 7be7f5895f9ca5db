# Reads simulated effects as JSON from the file named first, and prints whether metafor's intervals hold 0 and its prediction
# interval the effect of the new study, by cell and replicate, with its REML estimate.
suppressMessages({library(metafor); library(jsonlite)})
cells <- fromJSON(commandArgs(TRUE)[1], simplifyMatrix = TRUE, simplifyDataFrame = FALSE)
# where its steps do not settle, shorter ones do, as its documentation advises
steps <- c(1, 0.5, 0.1)
holds <- function(yi, vi, new) {
  fit <- function(...) rma(yi, vi, skipr2 = TRUE, ...)
  for (stepadj in steps) {
    reml <- tryCatch(suppressWarnings(fit(method = "REML", control = list(threshold = 1e-10, maxiter = 2000, stepadj = stepadj))), error = function(e) NULL)
    if (!is.null(reml)) break
  }
  knha <- fit(tau2 = reml$tau2, test = "knha"); t <- predict(fit(tau2 = reml$tau2, test = "t")); dl <- fit(method = "DL")
  c(knha$ci.lb <= 0 && knha$ci.ub >= 0, reml$ci.lb <= 0 && reml$ci.ub >= 0, dl$ci.lb <= 0 && dl$ci.ub >= 0, t$pi.lb <= new && new <= t$pi.ub, reml$tau2)
}
cat(toJSON(lapply(cells, function(cell) t(sapply(seq_len(nrow(cell$yi)), function(i) holds(cell$yi[i, ], cell$vi, cell$new[i])))), digits = I(12)))
