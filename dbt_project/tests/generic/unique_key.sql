{#- Ours, not the data's: the columns together are a key, filled and once only. -#}
{% test unique_key(model, columns) %}
    select count(*) as records
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{% endtest %}
