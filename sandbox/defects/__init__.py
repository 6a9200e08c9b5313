"""What can be wrong in a generated district's records.

`catalog` names each defect, `mutations` changes a family's records, `planting` chooses the families.
"""
