{#-
Where in eSchoolPLUS a fix is made, as a key of the seed ui_paths: the first place that the steps name. None where who
fixes it does not do so in eSchoolPLUS: a support case, our settings.
-#}
{% macro place_of(remedy, owner, ui_field) %}
    {%- if owner in ('district secretary', 'district SIS admin') -%}
        {%- for step in remedy -%}
            {%- if '{ui_path}' in step -%}
                {{ return(ui_field) }}
            {%- elif '{api_profile}' in step -%}
                {{ return('settings.api_profile') }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
