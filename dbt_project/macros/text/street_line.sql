{#-
The delivery line as USPS writes it: number, prefix, name, type, suffix, apartment; a complex goes
before it. A type that the name already ends with is not repeated; APT is added to a bare apartment.
-#}
{% macro street_line(address) -%}
    nullif(concat_ws(
        ', ',
        {{ address }}.complex,
        nullif(concat_ws(
            ' ',
            {{ address }}.street_number,
            {{ address }}.street_prefix,
            {{ address }}.street_name,
            case
                when {{ address }}.street_name is null then {{ address }}.street_type
                when lower(split_part({{ address }}.street_name, ' ', -1)) <> lower({{ address }}.street_type)
                    then {{ address }}.street_type
            end,
            {{ address }}.street_suffix,
            case
                when regexp_matches({{ address }}.apartment, '^[A-Za-z]?\d+[A-Za-z]?$|^\d*-?[A-Za-z]$|^\d+-\d+$')
                    then 'APT ' || {{ address }}.apartment
                else regexp_replace({{ address }}.apartment, '^#\s*', '# ')
            end
        ), '')
    ), '')
{%- endmacro %}
