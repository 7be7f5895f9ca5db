# Prints, as JSON, models by rma.mv() of random data and of dat.berkey1998: structures, REML and ML, with missing outcomes.
suppressMessages({library(metafor); library(jsonlite)})
set.seed(20)
tight <- list(rel.tol = 1e-11, iter.max = 10000, eval.max = 20000)
made <- function(m, q, missing) {
  d <- expand.grid(outcome = seq_len(q), study = seq_len(m))
  root <- matrix(rnorm(q * q), q) * 0.4
  d$yi <- c(crossprod(root, matrix(rnorm(m * q), q))) + rnorm(m * q, sd = 0.3) + 0.3 * d$outcome
  d$vi <- runif(m * q, 0.02, 0.3)
  d[runif(m * q) >= missing, ]
}
model <- function(d, V, struct, method, more = NULL) {
  random <- c(list(~ outcome | study), more)
  call <- function(control) rma.mv(yi, V, mods = ~ factor(outcome) - 1, random = random, struct = struct, method = method, data = d, control = control)
  fit <- tryCatch(suppressWarnings(call(tight)), error = function(e) tryCatch(suppressWarnings(call(list())), error = function(e) NULL))
  if (is.null(fit)) return(NULL)
  list(struct = struct, method = method, crossed = !is.null(more), beta = c(fit$beta), se = fit$se, ll = as.numeric(logLik(fit)), tau2 = fit$tau2, rho = fit$rho, sigma2 = fit$sigma2, q = fit$QE, k = fit$k)
}
sets <- list()
for (number in 1:4) {
  q <- 2 + number %% 2
  d <- made(12 + 3 * number, q, 0.1 * (number %% 4))
  rho <- c(0, 0.3, 0.6, 0.8)[1 + number %% 4]
  V <- outer(sqrt(d$vi), sqrt(d$vi)) * ifelse(outer(d$study, d$study, `==`), rho, 0)
  diag(V) <- d$vi
  d$site <- d$study %% 5
  models <- list()
  for (method in c("REML", "ML")) {
    for (struct in c("UN", "HCS", "CS", "DIAG", "ID", "AR", "HAR", "CAR")) models[[length(models) + 1]] <- model(d, V, struct, method)
    models[[length(models) + 1]] <- model(d, V, "CS", method, list(~ 1 | site))
  }
  sets[[number]] <- list(study = d$study, outcome = d$outcome, site = d$site, yi = d$yi, vi = d$vi, rho = rho, models = models)
}
b <- dat.berkey1998
V <- bldiag(lapply(split(b[c("v1i", "v2i")], b$trial), as.matrix))
b$study <- b$trial
b$outcome <- as.integer(b$outcome == "AL") + 1
berkey <- list(study = b$study, outcome = b$outcome, yi = as.numeric(b$yi), V = V, models = Filter(Negate(is.null), lapply(c("REML", "ML"), function(m) model(b, V, "UN", m))))
cat(toJSON(list(sets = sets, berkey = berkey), auto_unbox = TRUE, digits = I(17), null = "null"))
