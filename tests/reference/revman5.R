# Writes revman5.json: made-up outcomes of a RevMan 5 review with the results that RevMan stores of them, at 15 significant digits.
# The algorithms are those of Deeks JJ, Higgins JPT (2010), Statistical algorithms in Review Manager 5. metafor gives the pooled
# odds and risk ratios of Mantel and Haenszel, Peto's odds ratio and the inverse-variance estimates; the risk difference with the
# variance of Greenland and Robins, Q about the Mantel-Haenszel estimate and the standardised mean difference are written out.
# Run from this folder: Rscript revman5.R
suppressMessages({library(metafor); library(jsonlite)})

counts <- data.frame(
  study = c("Adams 1991", "Baker 1994", "Chen 1998", "Díaz 2001", "Evans 2003", "Fox 2007", "Gupta 2010"),
  subgroup = c("Children", "Children", "Children", "Adults", "Adults", "Adults", "Adults"),
  e1 = c(4, 11, 0, 25, 9, 30, 0), n1 = c(40, 61, 25, 120, 55, 210, 20), e2 = c(9, 14, 3, 41, 6, 52, 0), n2 = c(42, 60, 27, 118, 57, 205, 22))
means <- data.frame(
  study = c("Adams 1991", "Baker 1994", "Chen 1998", "Evans 2003", "Fox 2007"), subgroup = c("Children", "Children", "Children", "Adults", "Adults"),
  m1 = c(5.1, 4.9, 22.5, 12.5, 6.5), s1 = c(4.7, 1.71, 3.44, 1.47, 0.76), n1 = c(13, 30, 35, 20, 8),
  m2 = c(6.5, 6.1, 24.9, 12.3, 7.4), s2 = c(3.8, 2.3, 10.65, 1.66, 0.5), n2 = c(13, 50, 35, 20, 8))
ratios <- data.frame(
  study = c("Adams 1991", "Chen 1998", "Fox 2007", "Gupta 2010"), subgroup = c("Children", "Children", "Adults", "Adults"),
  y = c(-0.41, 0.12, -0.28, -0.05), se = c(0.21, 0.18, 0.15, 0.3))
oe <- data.frame(
  study = c("Baker 1994", "Díaz 2001", "Evans 2003", "Fox 2007"), subgroup = c("Children", "Adults", "Adults", "Adults"),
  oe = c(-3.2, 1.4, -6.1, -0.8), v = c(10.5, 8.2, 14.9, 5.5))

single <- function(d, measure) { # effect and variance of each study
  if (measure == "PETO") {
    n <- d$n1 + d$n2; e <- d$e1 + d$e2
    v <- d$n1 * d$n2 * e * (n - e) / (n^2 * (n - 1))
    return(data.frame(y = (d$e1 - d$n1 * e / n) / v, v = 1 / v, w = v))
  }
  zero <- d$e1 == 0 | d$e2 == 0 | d$e1 == d$n1 | d$e2 == d$n2
  if (measure == "RD") zero <- (d$e1 == 0 & d$e2 == 0) | (d$e1 == d$n1 & d$e2 == d$n2)
  a <- d$e1 + zero / 2; b <- d$n1 - d$e1 + zero / 2; c <- d$e2 + zero / 2; f <- d$n2 - d$e2 + zero / 2
  n1 <- a + b; n2 <- c + f; n <- n1 + n2
  switch(measure,
    OR = data.frame(y = log(a * f / (b * c)), v = 1 / a + 1 / b + 1 / c + 1 / f, w = b * c / n),
    RR = data.frame(y = log(a / n1 / (c / n2)), v = 1 / a + 1 / c - 1 / n1 - 1 / n2, w = c * n1 / n),
    RD = data.frame(y = a / n1 - c / n2, v = a * b / n1^3 + c * f / n2^3, w = d$n1 * d$n2 / (d$n1 + d$n2)))
}
pool <- function(kind, d, measure, method, random) { # what RevMan stores of an outcome or of a subgroup
  if (kind == "DICH") {
    if (measure != "RD") d <- d[d$e1 + d$e2 > 0 & d$e1 + d$e2 < d$n1 + d$n2, ]
    s <- single(d, measure)
  } else if (kind == "CONT") {
    n <- d$n1 + d$n2
    s <- data.frame(y = d$m1 - d$m2, v = d$s1^2 / d$n1 + d$s2^2 / d$n2)
    if (measure == "SMD") {
      sd <- sqrt(((d$n1 - 1) * d$s1^2 + (d$n2 - 1) * d$s2^2) / (n - 2))
      g <- (d$m1 - d$m2) / sd * (1 - 3 / (4 * n - 9))
      s <- data.frame(y = g, v = n / (d$n1 * d$n2) + g^2 / (2 * (n - 3.94)))
    }
  } else if (kind == "IV") s <- data.frame(y = d$y, v = d$se^2) else s <- data.frame(y = d$oe / d$v, v = 1 / d$v)
  w <- 1 / s$v
  k <- nrow(s)
  common <- c(sum(w * s$y) / sum(w), sqrt(1 / sum(w)))
  if (method == "MH" && k > 1) {
    zero <- d$e1 == 0 | d$e2 == 0 | d$e1 == d$n1 | d$e2 == d$n2
    if (measure == "RD") {
      estimate <- sum(s$w * (d$e1 / d$n1 - d$e2 / d$n2)) / sum(s$w)
      j <- (d$e1 * (d$n1 - d$e1) * d$n2^3 + d$e2 * (d$n2 - d$e2) * d$n1^3) / (d$n1 * d$n2 * (d$n1 + d$n2)^2)
      common <- c(estimate, sqrt(sum(j) / sum(s$w)^2))
    } else {
      fit <- rma.mh(ai = d$e1 + zero / 2, n1i = d$n1 + zero, ci = d$e2 + zero / 2, n2i = d$n2 + zero, measure = measure, add = 0, to = "none")
      common <- c(fit$beta[1], fit$se)
    }
  }
  if (kind == "DICH" && method == "PETO" && k > 1) { fit <- rma.peto(ai = d$e1, n1i = d$n1, ci = d$e2, n2i = d$n2, add = 0, to = "none"); common <- c(fit$beta[1], fit$se) }
  q <- sum(w * (s$y - common[1])^2)
  tau2 <- if (random && k > 1) max(0, (q - (k - 1)) / (sum(w) - sum(w^2) / sum(w))) else 0
  used <- if (random) c(sum(s$y / (s$v + tau2)) / sum(1 / (s$v + tau2)), sqrt(1 / sum(1 / (s$v + tau2)))) else common
  list(line = used, k = k, stored = list(
    EFFECT_SIZE = used[1], CI_START = used[1] - qnorm(0.975) * used[2], CI_END = used[1] + qnorm(0.975) * used[2],
    CHI2 = q, DF = k - 1, I2 = if (q > 0) max(0, (q - k + 1) / q) * 100 else 0, TAU2 = tau2, P_Z = 2 * pnorm(-abs(used[1] / used[2]))))
}
back <- function(part, is_ratio) {
  if (is_ratio) part[c("EFFECT_SIZE", "CI_START", "CI_END")] <- lapply(part[c("EFFECT_SIZE", "CI_START", "CI_END")], exp)
  part
}
outcome <- function(kind, d, measure, method, random, by_subgroup) {
  is_ratio <- !measure %in% c("RD", "MD", "SMD")
  total <- pool(kind, d, measure, method, random)
  stored <- back(total$stored, is_ratio)
  result <- list(kind = kind, measure = measure, method = method, random = random, rows = d)
  if (by_subgroup) {
    names <- unique(d$subgroup)
    parts <- lapply(names, function(name) pool(kind, d[d$subgroup == name, ], measure, method, random))
    y <- sapply(parts, function(part) part$line[1]); v <- sapply(parts, function(part) part$line[2]^2)
    stored$Q <- sum((y - sum(y / v) / sum(1 / v))^2 / v)
    result$subgroups <- setNames(lapply(parts, function(part) back(part$stored, is_ratio)), names)
  }
  c(result, list(stored = stored))
}
outcomes <- list()
for (random in c(FALSE, TRUE)) for (by_subgroup in c(FALSE, TRUE)) {
  for (measure in c("OR", "RR", "RD")) for (method in c("MH", "IV"))
    outcomes <- c(outcomes, list(outcome("DICH", counts, measure, method, random, by_subgroup)))
  for (measure in c("MD", "SMD")) outcomes <- c(outcomes, list(outcome("CONT", means, measure, "IV", random, by_subgroup)))
  outcomes <- c(outcomes, list(outcome("IV", ratios, "Hazard Ratio", "IV", random, by_subgroup)))
}
for (by_subgroup in c(FALSE, TRUE)) {
  outcomes <- c(outcomes, list(outcome("DICH", counts, "PETO", "PETO", FALSE, by_subgroup)))
  outcomes <- c(outcomes, list(outcome("IPD", oe, "Hazard Ratio", "PETO", FALSE, by_subgroup)))
}
# the inverse-variance estimates once more by metafor
for (case in Filter(function(o) o$method == "IV" && o$kind == "IV", outcomes)) {
  fit <- rma(yi = case$rows$y, sei = case$rows$se, method = if (case$random) "DL" else "EE")
  stopifnot(all.equal(exp(fit$beta[1]), case$stored$EFFECT_SIZE, tolerance = 1e-12), all.equal(fit$QE, case$stored$CHI2, tolerance = 1e-12))
}
result <- list(made_by = sprintf("metafor %s, R %s", packageVersion("metafor"), getRversion()), outcomes = outcomes)
writeLines(prettify(toJSON(result, auto_unbox = TRUE, digits = I(15), null = "null", na = "null"), indent = 1), "revman5.json")
