{#- Text of the API, normalized. Each macro takes an SQL expression of text. No cast raises an error. -#}

{#- Without surrounding blanks; null where nothing is left. -#}
{% macro blank_to_null(text) -%}
    nullif(trim({{ text }}, e' \t\r\n' || chr(160)), '')
{%- endmacro %}

{#-
Whether a name is none: a word that means blank, nothing but punctuation, or JSON. "Null" is a family's name; NULL
and null are not.
-#}
{% macro is_no_name(text) -%}
    (
        lower({{ text }}) in ('none', 'n/a', '#n/a', 'undefined', '(none)', '(null)', '(blank)')
        or {{ text }} in ('NULL', 'null', 'NaN')
        or not regexp_matches({{ text }}, '[\p{L}\p{N}]')
        or (substr({{ text }}, 1, 1) in ('{', '[') and json_valid({{ text }}))
    )
{%- endmacro %}

{#- A name: inner blanks and control characters are one blank; case and markup stay as received; null where it is no name. -#}
{% macro to_name(text) -%}
    case
        when {{ is_no_name(text) }} then null
        else {{ blank_to_null("regexp_replace(" ~ text ~ ", '[\\s\\p{Cc}]+', ' ', 'g')") }}
    end
{%- endmacro %}

{#- What is wrong with a name as received, as a code; null where nothing is. -#}
{% macro name_fault(text) -%}
    case
        when substr({{ text }}, 1, 1) in ('{', '[') and json_valid({{ text }}) then 'json'
        when {{ is_no_name(text) }} then 'means_blank'
        when regexp_matches({{ text }}, '\p{Cc}') then 'control_characters'
        when contains({{ text }}, chr(65533)) then 'unreadable_character'
        when substr({{ text }}, 1, 1) in ('=', '+', '-', '@') then 'formula_sign'
    end
{%- endmacro %}

{#- Jr, Sr, III: without a dot, numerals in capitals; any other suffix as received. -#}
{% macro to_suffix(text) -%}
    case
        when regexp_full_match({{ text }}, '(?i)[jsd]r\.?') then upper({{ text }}[1]) || 'r'
        when regexp_full_match({{ text }}, '(?i)[ivx]+\.?') then upper(rtrim({{ text }}, '.'))
        else {{ text }}
    end
{%- endmacro %}

{#- A key, as text. A whole number that was received as 12.0 becomes 12. -#}
{% macro to_key(text) -%}
    case when contains({{ text }}, '.') then regexp_replace({{ text }}, '^(\d+)\.0+$', '\1') else {{ text }} end
{%- endmacro %}

{#- A code: upper case. -#}
{% macro to_code(text) -%}
    upper({{ text }})
{%- endmacro %}

{% macro to_integer(text) -%}
    try_cast({{ to_key(text) }} as integer)
{%- endmacro %}

{#- Y, N, 1, 0, true, false, T, F, yes, no. Anything else is null. -#}
{% macro to_flag(text) -%}
    case
        when lower({{ text }}) in ('y', 'yes', '1', 't', 'true') then true
        when lower({{ text }}) in ('n', 'no', '0', 'f', 'false') then false
    end
{%- endmacro %}

{#- A date, with or without a time; year first, or the US order with four or two digits of year. -#}
{% macro to_date(text) -%}
    case
        when regexp_matches({{ text }}, '^\d{4}-\d{1,2}-\d{1,2}([T ].*)?$')
            then try_cast(regexp_extract({{ text }}, '^[0-9-]+') as date)
        when regexp_matches({{ text }}, '^\d{4}/\d{1,2}/\d{1,2}([T ].*)?$')
            then cast(try_strptime(regexp_extract({{ text }}, '^[0-9/]+'), '%Y/%m/%d') as date)
        when regexp_matches({{ text }}, '^\d{8}$')
            then cast(try_strptime({{ text }}, '%Y%m%d') as date)
        when regexp_matches({{ text }}, '^\d{1,2}[/-]\d{1,2}[/-]\d{4}( .*)?$')
            then cast(try_strptime(replace(regexp_extract({{ text }}, '^[0-9/-]+'), '-', '/'), '%m/%d/%Y') as date)
        when regexp_matches({{ text }}, '^\d{1,2}[/-]\d{1,2}[/-]\d{2}$')
            then cast(try_strptime(replace({{ text }}, '-', '/'), '%m/%d/%y') as date)
    end
{%- endmacro %}

{% macro to_timestamp(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{#- The ten digits of a North American number; null when it is none. An extension and a leading 1 are cut. -#}
{% macro to_phone_number(text) -%}
    regexp_extract({{ phone_without_signs(text) }}, '^1?([2-9]\d{2}[2-9]\d{6})$', 1)
{%- endmacro %}

{#- A phone number without extension, spaces and punctuation, whether or not it can be dialed. -#}
{% macro phone_without_signs(text) -%}
    regexp_replace(
        regexp_replace(lower({{ text }}), '\s*(x|ext\.?|extension)\s*\d*$', ''), '[\s().+/-]', '', 'g'
    )
{%- endmacro %}

{#- Text for comparison: lower case, letters and digits only, without accents. -#}
{% macro to_comparable(text) -%}
    regexp_replace(lower(strip_accents({{ text }})), '[^\p{L}\p{N}]', '', 'g')
{%- endmacro %}

{#- 12345 or 12345-6789; null when it is neither. -#}
{% macro to_postal_code(text) -%}
    nullif(
        regexp_replace(
            regexp_extract({{ text }}, '^\d{5}([- ]?\d{4})?$'), '^(\d{5})[- ]?(\d{4})$', '\1-\2'
        ), ''
    )
{%- endmacro %}

{#- One email address: something, @, a domain with a dot, without blanks. -#}
{% macro is_email(text) -%}
    regexp_full_match({{ text }}, '[^\s@,;<>"()]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\.[A-Za-z]{2,}')
{%- endmacro %}

{#- The extension written after a number: 614-555-0100 x12 has 12. -#}
{% macro phone_extension_in(text) -%}
    nullif(regexp_extract(lower({{ text }}), '(x|ext\.?|extension)\s*(\d+)$', 2), '')
{%- endmacro %}

{#- Text as it goes into a file of the import: no control character, which the receiving system could trip over. -#}
{% macro to_file_text(text) -%}
    nullif(trim(regexp_replace({{ text }}, '\p{Cc}+', ' ', 'g')), '')
{%- endmacro %}
