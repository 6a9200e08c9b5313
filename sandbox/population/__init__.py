"""Where a simulated district's records come from.

`source` describes a source of records and reads one from a folder; `generator` makes one up. A generated
district is a `population` of `families`; each has a shape (`household_shapes`), `people` with `names`, and
`homes` at `places`. `records` and `student_records` write a family as records of the API, with values as in
its `columns`.
"""
