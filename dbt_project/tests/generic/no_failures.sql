{#-
A check: the records of a checks_* model that fail it, one row each, as key, school, field and reason. With
counted_by, the check's fail_calc counts by that column instead of by rows.
-#}
{% test no_failures(model, check_id, counted_by=none) %}
    select
        {{ counted_by ~ ',' if counted_by }}
        record_key,
        school_id,
        field,
        reason
    from {{ model }}
    where check_id = '{{ check_id }}'
{% endtest %}
