# Reads simulated effects as JSON from the file named first, and prints whether metafor's intervals hold 0, by cell and replicate.
suppressMessages({library(metafor); library(jsonlite)})
cells <- fromJSON(commandArgs(TRUE)[1], simplifyMatrix = TRUE, simplifyDataFrame = FALSE)
holds <- function(yi, vi, new) {
  fit <- function(...) tryCatch(suppressWarnings(rma(yi, vi, control = list(threshold = 1e-10, maxiter = 5000), ...)), error = function(e) NULL)
  reml <- fit(method = "REML"); if (is.null(reml)) return(rep(NA, 4))
  knha <- fit(method = "REML", test = "knha"); t <- predict(fit(method = "REML", test = "t")); dl <- fit(method = "DL")
  c(knha$ci.lb <= 0 && knha$ci.ub >= 0, reml$ci.lb <= 0 && reml$ci.ub >= 0, dl$ci.lb <= 0 && dl$ci.ub >= 0, t$pi.lb <= new && new <= t$pi.ub)
}
cat(toJSON(lapply(cells, function(cell) t(sapply(seq_len(nrow(cell$yi)), function(i) holds(cell$yi[i, ], cell$vi, cell$new[i])))), na = "null"))
