"""Which jobs there are and what each reads: one module per verb."""
