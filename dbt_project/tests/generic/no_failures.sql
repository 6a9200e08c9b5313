{#- A check: the records of a checks_* model that fail it, one row each, as key, school, field and reason. -#}
{% test no_failures(model, check_id) %}
    select
        record_key,
        school_id,
        field,
        reason
    from {{ model }}
    where check_id = '{{ check_id }}'
{% endtest %}
