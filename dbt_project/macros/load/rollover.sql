{#-
Whether tonight is in the district's summer rollover, when eSchoolPLUS closes a year by withdrawing and reactivating
students. A run's id begins with its date.
-#}
{% macro is_rollover() -%}
    {%- set window = var('rollover') -%}
    {%- if window -%}
    (
        select
            {% if window[0] <= window[1] -%}
            days.today between '{{ window[0] }}' and '{{ window[1] }}'
            {%- else -%}
            days.today >= '{{ window[0] }}' or days.today <= '{{ window[1] }}'
            {%- endif %}
        from (
            select regexp_replace({{ this_run() }}, '^\d{4}(\d\d)(\d\d)T.*$', '\1-\2') as today
        ) as days
    )
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}

{#- A grade as a number of years, so that one step up is one more: kindergarten is 0; null for any other code. -#}
{% macro grade_step(grade) -%}
    case
        when {{ grade }} in ('KF', 'KG', 'K') then 0
        when {{ grade }} in ('PK', 'P4') then -1
        when {{ grade }} = 'P3' then -2
        else try_cast({{ grade }} as integer)
    end
{%- endmacro %}
