# The trial's own patients in R: `Rscript same.R` in this folder writes expected.tsv. The curves were read four times a year to three
# decimals, so that what they give comes near to the Cox regression of the patients and is not the same.
library(survival)
deaths <- subset(colon, etype == 2)
cox <- summary(coxph(Surv(time, status) ~ rx, data = deaths))
alone <- cox$coefficients["rxLev", ]
combined <- cox$coefficients["rxLev+5FU", ]

source("../expect.R")
expect("pool/combination", random.estimate = combined["coef"], random.se = combined["se(coef)"], within = 0.002)
expect("pool/levamisole", random.estimate = alone["coef"], random.se = alone["se(coef)"], within = 0.002)
save_expected()
