{#-
What the rules of the load are counted against: {population: (rule, SQL condition of load_totals)}. The total is that of
the rule's worst row, like the number that fails; where the rule does not trip, it is the records of load_totals.
-#}
{% macro load_populations() %}
    {%- set students_before = "file = 'students.csv' and effect = 'before'" -%}
    {%- set students_now = "file = 'students.csv' and effect = 'now'" -%}
    {%- set guardians_before = "file = 'guardians.csv' and effect = 'before'" -%}
    {{ return({
        'rows of an import file': ('load__refused__plausible', students_now),
        'records received for an import file': ('load__refused__limited', students_now),
        'students compared with the last load': ('load__district__same', students_before),
        'guardians of the last load': ('load__guardians__deleted', guardians_before),
        'students with a guardian in the last load': ('load__students__without_guardian', students_before),
        'records at the start of the period': ('load__deletions__cumulative', guardians_before),
        'students of the last load': ('load__students__departed', students_before),
        'records of a file in the last load': ('load__records__carried', students_before),
        'rows of a file in the last load': ('load__files__grew', students_before),
        'people in both loads': ('load__identity__overwritten', students_before),
        'values filled in the last load': ('load__field__emptied', students_before),
        'filled values of a field in the last load': ('load__field__overwritten', students_before),
        'rows of an import file tonight': ('load__field__one_value', students_now),
        'ids of the last load': ('load__ids__renumbered', students_before),
        'students of the first load': ('load__first__plausible', students_now),
        'last published imports': ('load__baseline__found', 'false'),
        'first deliveries': ('load__first__confirmed', 'false'),
        'layouts of the import': ('load__layout__same', 'false'),
    }) }}
{% endmacro %}
