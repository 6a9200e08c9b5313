{#-
One check on one record: a failure (check, field, reason code) where the record is in the check's population and
the condition holds, else null. A reason is a code, or an SQL expression that gives one; never a value.
-#}
{% macro failing(check_id, population, field, condition, reason) -%}
    case
        when ({{ populations()[population][1] }}) and ({{ condition }})
            then {
                'check_id': '{{ check_id }}',
                'field': '{{ field }}',
                'reason': {{ "'" ~ reason ~ "'" if modules.re.fullmatch('[a-z0-9_]+', reason) else reason }}
            }
    end
{%- endmacro %}

{#- The failures of a relation that has record_key, school_id, position and the list `failures`: one row each. -#}
{% macro failing_records(relation) %}
    select
        listed.failure.check_id,
        listed.record_key,
        listed.school_id,
        listed.failure.field,
        listed.failure.reason,
        listed.position
    from (
        select
            record_key,
            school_id,
            position,
            unnest(failures) as failure
        from {{ relation }}
    ) as listed
    where listed.failure is not null
{% endmacro %}

{#- The ids of all checks of a level, in order. -#}
{% macro checks_of_level(level) %}
    {%- set ids = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'test' and node.config.meta.level == level -%}
            {%- do ids.append(node.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(ids | sort) }}
{% endmacro %}
