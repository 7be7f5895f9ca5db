# What same.R of each folder ends with: a line of expected.tsv for each number that R gives, with the place of Coppice's own
# in results/ and how far the two may be apart.
rows <- list()
expect <- function(result, ..., within = 0.51e-4) {
  values <- list(...)
  for (quantity in names(values)) rows[[length(rows) + 1]] <<- c(result, quantity, formatC(unname(c(values[[quantity]]))[1], format = "f", digits = 4), format(within))
}
line <- function(fit) list(estimate = fit$beta[1], ci_low = fit$ci.lb[1], ci_high = fit$ci.ub[1])
expect_line <- function(result, place, fit, ...) {
  values <- line(fit)
  names(values) <- paste0(place, ".", names(values))
  do.call(expect, c(result, values, list(...)))
}
save_expected <- function() {
  table <- do.call(rbind, rows)
  writeLines(c("result\tquantity\texpected\twithin", apply(table, 1, paste, collapse = "\t")), "expected.tsv")
}
