"""What the verbs hand to one another: the content of the result files, a TypedDict for each part.

A key says what it holds with `Annotated[type, "text"]`; the JSON schemas of the results are generated from these
types. `NotRequired` marks a key that is left out where it does not apply; a value of None says that the data do not
give it. The types cost nothing at run time, and this package imports only `typing`.
"""
