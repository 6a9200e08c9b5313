with
final as (
    select
        cast(null as varchar) as rule,
        cast(null as varchar) as scope,
        cast(null as bigint) as n,
        cast(null as bigint) as of,
        cast(null as double) as share,
        cast(null as double) as "limit",
        cast(null as bigint) as floor,
        cast(null as varchar) as level,
        cast(null as varchar) as cause
    where false
)

select * from final
