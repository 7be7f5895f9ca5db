"""The same model of other sets of studies: leave-one-out, cumulative, influence, GOSH."""
