# Writes explore.json: what metafor gives for the cases below, with its tolerances tightened, at 15 significant digits.
# Run from this folder: Rscript explore.R
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
source("../oracle/explore_common.R")

z <- 1.959963984540054
from_ci <- function(est, lo, hi) list(yi = log(est), vi = ((log(hi) - log(lo)) / (2 * z))^2)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
bcg <- list(yi = as.numeric(bcg$yi), vi = as.numeric(bcg$vi))
first <- lapply(bcg, head, 6)
cases <- list(
  efs = from_ci(c(0.39, 0.70, 0.76, 0.33, 0.53), c(0.24, 0.47, 0.51, 0.18, 0.32), c(0.64, 1.03, 1.14, 0.61, 0.87)),
  os = from_ci(c(0.62, 0.65, 0.35, 0.44, 0.71), c(0.39, 0.32, 0.17, 0.25, 0.55), c(0.98, 1.30, 0.70, 0.76, 0.93)),
  bcg = bcg, bcg_first_six = first
)
found <- lapply(names(cases), function(name) explored(cases[[name]]$yi, cases[[name]]$vi, gosh = name != "bcg"))
result <- list(made_by = sprintf("metafor %s, R %s", packageVersion("metafor"), getRversion()), cases = setNames(found, names(cases)))
writeLines(prettify(toJSON(result, auto_unbox = TRUE, digits = I(15), null = "null", na = "null"), indent = 1), "explore.json")
