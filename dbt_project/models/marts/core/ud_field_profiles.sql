with
field_values as (
    select * from {{ ref('ud_field_values') }}
),

final as (
    select
        label,
        count(*) as records,
        count(value) as filled,
        count(distinct value) as distinct_values,
        max(length(value)) as longest,
        case
            when count(value) = 0 then 'empty'
            when count(value) = count({{ to_flag('value') }}) then 'flag'
            when count(value) = count({{ to_date('value') }}) then 'date'
            when count(value) = count(*) filter (where regexp_full_match(value, '-?\d+')) then 'whole number'
            when count(value) = count(try_cast(value as double)) then 'number'
            when max(length(value)) <= 10 and count(distinct value) <= 50 then 'code'
            else 'text'
        end as shape
    from field_values
    group by label
)

select * from final
