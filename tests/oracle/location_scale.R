# Prints, as JSON, location-scale models by rma(scale = ) of metafor, by REML and ML, on datasets of metadat.
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
bangert <- transform(dat.bangertdrowns2004, size = ni / 100)
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
weeks <- dat.raudenbush1985
bornmann <- escalc(measure = "OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, data = dat.bornmann2007)
bornmann$fellow <- as.numeric(bornmann$type == "Fellowship")
cases <- list(
  "bangertdrowns2004, size" = list(d = bangert, x = NULL, z = "size"),
  "bangertdrowns2004, size in both" = list(d = bangert, x = "size", z = "size"),
  "bangertdrowns2004, two of scale" = list(d = bangert, x = NULL, z = c("size", "grade")),
  "bcg, latitude in both" = list(d = bcg, x = "ablat", z = "ablat"),
  "raudenbush1985, weeks" = list(d = weeks, x = NULL, z = "weeks"),
  "bornmann2007, fellowship" = list(d = bornmann, x = NULL, z = "fellow")
)
# nlminb() gives up on some of these where it is tight
controls <- list(list(optimizer = "nlminb", rel.tol = 1e-12, iter.max = 10000, eval.max = 10000),
                 list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 10000), list())
rma_scale <- function(...) {
  for (control in controls) {
    r <- tryCatch(rma(..., control = control), error = function(e) e)
    if (!inherits(r, "error")) return(r)
  }
  stop(conditionMessage(r))
}
fit <- function(case, method) tryCatch({
  d <- as.data.frame(case$d)
  mods <- if (is.null(case$x)) ~ 1 else reformulate(case$x)
  r <- rma_scale(d$yi, d$vi, mods = mods, scale = reformulate(case$z), data = d, method = method)
  one <- rma(yi, vi, mods = mods, data = d, method = method, control = list(threshold = 1e-12, maxiter = 10000))
  list(beta = c(r$beta), se = r$se, alpha = c(r$alpha), se_alpha = r$se.alpha, QS = r$QS, QSp = r$QSp,
       ll = c(logLik(r)), ll_one = c(logLik(one)), ci = c(r$ci.lb.alpha, r$ci.ub.alpha))
}, error = function(e) list(error = conditionMessage(e)))
out <- lapply(cases, function(case) list(
  yi = as.numeric(case$d$yi), vi = as.numeric(case$d$vi), x = case$x, z = case$z,
  columns = lapply(setNames(unique(c(case$x, case$z)), unique(c(case$x, case$z))), function(n) as.numeric(case$d[[n]])),
  REML = fit(case, "REML"), ML = fit(case, "ML")))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, null = "null"))
