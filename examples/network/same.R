# The same numbers in R, from the arms of the records: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages(library(metafor))
lines <- unlist(lapply(sort(Sys.glob("config/studies/*.yaml")), readLines))
names <- c(A = "no contact", B = "self-help", C = "individual counselling", D = "group counselling")
study <- cumsum(grepl("^study:", lines))
arms <- grep("^        arms:", lines)
arm <- do.call(rbind, lapply(arms, function(i) {
  counts <- regmatches(lines[i], gregexpr("([A-D]): \\{events: ([0-9]+), n: ([0-9]+)\\}", lines[i]))[[1]]
  data.frame(study = study[i], arm = substr(counts, 1, 1), events = as.numeric(sub(".*events: ([0-9]+).*", "\\1", counts)), n = as.numeric(sub(".*n: ([0-9]+).*", "\\1", counts)))
}))
# each arm against the first of its study; a half is added to the cells of a comparison with a zero
pairs <- do.call(rbind, lapply(split(arm, arm$study), function(d) data.frame(study = d$study[1], base = d$arm[1], other = d$arm[-1], ai = d$events[-1], n1i = d$n[-1], ci = d$events[1], n2i = d$n[1])))
pairs <- escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = pairs, add = 1/2, to = "only0")
V <- vcalc(vi, cluster = study, obs = other, data = pairs, rho = 0)
for (s in unique(pairs$study)) {
  i <- which(pairs$study == s)
  if (length(i) > 1) V[i, i][row(diag(length(i))) != col(diag(length(i)))] <- 1 / pairs$ci[i[1]] + 1 / (pairs$n2i[i[1]] - pairs$ci[i[1]])
}
X <- sapply(names(names)[-1], function(t) (pairs$other == t) - (pairs$base == t))
fit <- rma.mv(yi, V, mods = ~ 0 + X, random = ~ other | study, rho = 0.5, data = pairs)

source("../expect.R")
# Coppice prints no contact against each: the signs are turned
for (i in 1:3) expect("pool/cessation", estimate = -fit$beta[i])
for (i in 1:3) { rows[[i]][2] <- paste0("comparisons.", i - 1, ".random.estimate") }
expect("pool/cessation", heterogeneity.tau2 = fit$tau2)
save_expected()
