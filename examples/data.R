# Writes the data of two tutorials: those of the others are written by tests/reviews/reviews.R, as they are tested there too.
# Run in this folder: Rscript data.R
suppressMessages({library(metadat); library(survival)})

# a living review: streptokinase, Lau et al. 1992; the searches are the tutorial's own, one after each year that is named
d <- dat.lau1992
d$study <- gsub("[^A-Za-z0-9]+", "", d$trial)
d$experimental <- "Streptokinase"
d$control <- "Control"
write.csv(d[c("study", "trial", "year", "experimental", "control", "ai", "n1i", "ci", "n2i")],
          "living_review/config/studies.csv", row.names = FALSE)
searches <- c(1969, 1971, 1973, 1975, 1977, 1979, 1986, 1988)
after <- sapply(d$year, function(year) min(searches[searches >= year]))
history <- data.frame(searched = paste0(searches, "-12-31"), added = sapply(searches, function(year) paste(d$study[after == year], collapse = " ")))
write.csv(history, "living_review/config/history.csv", row.names = FALSE, quote = FALSE)

# hazard ratios: the curves of survival::colon as they would be read off a figure, four times a year to three decimals
d <- subset(colon, etype == 2)
d$years <- d$time / 365.25
arms <- c(Obs = "observation", Lev = "levamisole", "Lev+5FU" = "fluorouracil plus levamisole")
keys <- c(Obs = "observation", Lev = "levamisole", "Lev+5FU" = "combination")
times <- seq(0, 8, 0.25)
fits <- lapply(names(arms), function(arm) survfit(Surv(years, status) ~ 1, data = subset(d, rx == arm)))
names(fits) <- names(arms)
at <- function(arm, times) summary(fits[[arm]], times = times, extend = TRUE)
list_of <- function(x, format) paste0("[", paste(sprintf(format, x), collapse = ", "), "]")
wrap <- function(text) paste(strwrap(text, width = 110, exdent = 10), collapse = "\n")
figure <- function(statistic, arm, fields) c(
  sprintf("      - statistic: %s", statistic), sprintf("        arms: [%s, observation]", keys[arm]),
  sprintf("        %s", sapply(fields, function(field) trimws(wrap(field)))), "        source: {report: intergroup, at: data set colon, read_in: survival, quality: repository}")
figures <- unlist(lapply(c("Lev+5FU", "Lev"), function(arm) {
  two <- survdiff(Surv(years, status) ~ rx, data = subset(d, rx %in% c(arm, "Obs")))
  five <- lapply(c(arm, "Obs"), at, times = 5)
  c(figure("km_curve", arm, c("use: the curves, to show how far they lead", "unit: years", paste("times:", list_of(times, "%g")),
      paste("survival_e:", list_of(at(arm, times)$surv, "%.3f")), paste("survival_c:", list_of(at("Obs", times)$surv, "%.3f")),
      paste("at_risk_times:", list_of(0:8, "%d")),
      paste("at_risk_e:", list_of(at(arm, 0:8)$n.risk, "%d")), paste("at_risk_c:", list_of(at("Obs", 0:8)$n.risk, "%d")))),
    figure("logrank", arm, c(sprintf("o_minus_e: %.2f", two$obs[2] - two$exp[2]), sprintf("v: %.2f", two$var[2, 2]))),
    figure("survival", arm, c("time: 5", "unit: years",
      sprintf("survival_%s: %.3f", c("e", "c"), sapply(five, `[[`, "surv")), sprintf("se_%s: %.4f", c("e", "c"), sapply(five, `[[`, "std.err")))))
}))
dir.create("hazard_ratios/config/studies", showWarnings = FALSE)
writeLines(c(
  "study: Intergroup", "label: Intergroup trial", "year: 1990", "design: randomised", "arms:",
  sprintf("  %s: {treatment: %s, n: %d}", keys, arms, as.integer(table(d$rx)[names(arms)])),
  "reports:", "  intergroup:", "    citation: Moertel CG et al. Levamisole and fluorouracil for adjuvant therapy of resected colon carcinoma. N Engl J Med 1990",
  "outcomes:", "  os:", "    definition: Overall survival from randomisation", "    reported:", figures), "hazard_ratios/config/studies/Intergroup.yaml")
