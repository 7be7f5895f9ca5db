"""Which jobs there are and what each is told: one module a verb."""
