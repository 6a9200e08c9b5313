with
codes as (
    select * from {{ ref('codes') }}
),

districts_own as (
    {% for code_set, values in var('codes').items() -%}
    {%- for code, value in values.items() -%}
    select
        {{ sql_literal(code_set) }} as code_set,
        upper({{ sql_literal(code) }}) as code,
        {{ sql_literal(value) }} as value
    union all
    {% endfor -%}
    {%- endfor -%}
    select
        cast(null as varchar) as code_set,
        cast(null as varchar) as code,
        cast(null as varchar) as value
    where false
),

final as (
    select
        code_set,
        code,
        value
    from districts_own
    union all
    -- A district's own meaning of a code replaces the seed's.
    select
        codes.code_set,
        codes.code,
        codes.value
    from codes
    anti join districts_own
        on codes.code_set = districts_own.code_set and codes.code = districts_own.code
)

select * from final
