# The same numbers in R, from the same table: `Rscript same.R` in this folder writes expected.tsv.
suppressMessages(library(lme4))
dat <- read.csv("config/studies.csv")
long <- rbind(data.frame(study = dat$study, side = "sensitivity", right = dat$tp, wrong = dat$fn),
              data.frame(study = dat$study, side = "specificity", right = dat$tn, wrong = dat$fp))
fit <- glmer(cbind(right, wrong) ~ 0 + side + (0 + side | study), data = long, family = binomial)
point <- plogis(fixef(fit))

# the normal model, by metafor: half a count is added to the four cells of a study with an empty one
suppressMessages(library(metafor))
empty <- with(dat, tp == 0 | fp == 0 | fn == 0 | tn == 0)
cells <- dat[c("tp", "fp", "fn", "tn")] + ifelse(empty, 0.5, 0)
logits <- data.frame(study = rep(dat$study, 2), side = rep(c("sensitivity", "specificity"), each = nrow(dat)),
                     yi = with(cells, c(log(tp / fn), log(tn / fp))), vi = with(cells, c(1 / tp + 1 / fn, 1 / tn + 1 / fp)))
normal <- rma.mv(yi, vi, mods = ~ 0 + side, random = ~ side | study, struct = "UN", data = logits)

source("../expect.R")
expect("pool/mmse", point.sensitivity.estimate = point[1], point.specificity.estimate = point[2], within = 0.002)
expect("pool/normal", point.logits.0 = normal$beta[1], point.logits.1 = normal$beta[2], between.sensitivity = normal$tau2[1], between.specificity = normal$tau2[2], between.correlation = normal$rho)
save_expected()
